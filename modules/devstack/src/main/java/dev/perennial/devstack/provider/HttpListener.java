package dev.perennial.devstack.provider;

import dev.perennial.devstack.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A small HTTP/1.1 server, on 127.0.0.1 unless told otherwise: a virtual thread per connection, and
 * the handler has the connection in its own hands. The JDK's and other servers do not let go of a
 * socket, and a provider that fails needs one. Closing it ends every connection, also those that
 * hang.
 */
public final class HttpListener implements AutoCloseable {
  private static final int BACKLOG = 4_096;
  private static final int PORT_ATTEMPTS = 10;

  /** Answers one request; what it throws ends the connection. */
  public interface Handler {
    void handle(HttpRequest request, HttpConnection connection) throws IOException;
  }

  private final ServerSocket socket;
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();

  /**
   * Listens from now on; nobody is served before {@link #serve}.
   *
   * @param preferredPort 0 for any
   * @throws UncheckedIOException where no port is to be had
   */
  public HttpListener(int preferredPort) {
    this.socket = bind(preferredPort);
  }

  /**
   * Listens there and nowhere else from now on; nobody is served before {@link #serve}.
   *
   * @throws UncheckedIOException where it cannot, the port being taken for one
   */
  public HttpListener(InetSocketAddress address) {
    try {
      this.socket = bound(address);
    } catch (IOException e) {
      throw new UncheckedIOException("the provider simulator cannot listen at " + address, e);
    }
  }

  /** Serves every connection until this is closed. */
  public void serve(Handler handler) {
    Thread.ofVirtual().name("provider-accept").start(() -> accept(handler));
  }

  public int port() {
    return socket.getLocalPort();
  }

  private static ServerSocket bind(int preferredPort) {
    for (int attempt = 1; ; attempt++) {
      try {
        return bound(
            new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), Ports.free(preferredPort)));
      } catch (BindException e) {
        if (attempt == PORT_ATTEMPTS) {
          throw new UncheckedIOException("the provider simulator found no port", e);
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the provider simulator cannot listen", e);
      }
    }
  }

  private static ServerSocket bound(InetSocketAddress address) throws IOException {
    ServerSocket bound = new ServerSocket();
    bound.setReuseAddress(true);
    bound.bind(address, BACKLOG);
    return bound;
  }

  private void accept(Handler handler) {
    while (!socket.isClosed()) {
      try {
        Socket accepted = socket.accept();
        Thread.ofVirtual().name("provider-connection").start(() -> serve(accepted, handler));
      } catch (IOException e) {
        // Closed, or a caller that was gone before it was accepted.
      }
    }
  }

  private void serve(Socket accepted, Handler handler) {
    try (accepted;
        HttpConnection connection = new HttpConnection(accepted)) {
      connections.add(connection);
      try {
        if (!socket.isClosed()) {
          serveAll(connection, handler);
        }
      } finally {
        connections.remove(connection);
      }
    } catch (IOException gone) {
      // The caller is gone; who needs to know has been told by the handler.
    }
  }

  private void serveAll(HttpConnection connection, Handler handler) throws IOException {
    try {
      while (connection.isOpen()) {
        HttpRequest request = connection.next();
        if (request == null) {
          return;
        }
        handler.handle(request, connection);
      }
    } catch (IllegalArgumentException e) {
      connection.send(HttpResponse.of(400, "text/plain", "bad request: " + e.getMessage() + "\n"));
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed all the same.
    }
    connections.forEach(HttpConnection::close);
  }
}
