package dev.perennial.devstack.provider;

/** Tells callers apart. */
final class Worker {
  static final String HEADER = "X-Perennial-Worker";

  private Worker() {}

  static String of(HttpRequest request, HttpConnection connection) {
    String named = request.header(HEADER);
    if (named != null) {
      return named;
    }
    String agent = request.header("user-agent");
    int space = agent == null ? -1 : agent.lastIndexOf(' ');
    return agent == null || space < 0
        ? "port " + connection.remotePort()
        : agent.substring(space + 1);
  }
}
