package dev.perennial.app.cli;

import static java.net.HttpURLConnection.HTTP_BAD_REQUEST;
import static java.net.HttpURLConnection.HTTP_OK;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code perennial health}: for images that have neither a shell nor curl. */
@Command(
    name = "health",
    description =
        "Ask the process on this machine whether it can do its work; exit code 1 where it cannot or"
            + " does not answer.")
final class HealthCommand implements Callable<Integer> {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int MOST_BYTES = 64 * 1024;

  private final PerennialCommand top;

  @Option(
      names = "--admin-url",
      paramLabel = "URL",
      description = "The admin listener. Default: admin.host and admin.port.")
  private @Nullable URI url;

  @Option(
      names = "--live",
      description = "Only whether it answers, whatever it thinks of Kafka and Redis.")
  private boolean live;

  HealthCommand(PerennialCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() {
    URI base = url == null ? AdminAccess.url(top.config(Map.of()).adminListener()) : url;
    return ask(base + (live ? "/health/live" : "/health/ready")) == HTTP_OK ? 0 : 1;
  }

  /** Prints what is answered. By the plainest client there is: this runs every few seconds. */
  private int ask(String address) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(address).toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(PATIENCE_MILLIS);
      connection.setReadTimeout(PATIENCE_MILLIS);
      int status = connection.getResponseCode();
      try (InputStream body =
          status < HTTP_BAD_REQUEST ? connection.getInputStream() : connection.getErrorStream()) {
        print(body);
      }
      return status;
    } catch (IOException e) {
      throw new CommandFailure(
          "nobody answers at " + address + " (" + e.getClass().getSimpleName() + ")");
    }
  }

  private void print(@Nullable InputStream body) throws IOException {
    if (body != null) {
      PrintWriter out = top.surroundings().out();
      out.println(new String(body.readNBytes(MOST_BYTES), UTF_8).strip());
      out.flush();
    }
  }
}
