package dev.perennial.exchanger;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A server of plain bytes on loopback: a script decides what happens on each connection. */
final class WireServer implements AutoCloseable {
  private final ServerSocket listener;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Peer> peers = new CopyOnWriteArrayList<>();

  /** What happens on one connection. */
  interface Script {
    void serve(Peer peer) throws IOException;
  }

  WireServer(Script script) {
    this(ServerSocketFactory.getDefault(), _ -> {}, script);
  }

  private WireServer(ServerSocketFactory sockets, Consumer<ServerSocket> setup, Script script) {
    try {
      listener = sockets.createServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    setup.accept(listener);
    Thread.startVirtualThread(() -> accept(script));
  }

  /** The same behind TLS. */
  static WireServer tls(SSLContext tls, Consumer<SSLServerSocket> setup, Script script) {
    return new WireServer(
        tls.getServerSocketFactory(), socket -> setup.accept((SSLServerSocket) socket), script);
  }

  /** Answers every request on every connection, kept alive. */
  static WireServer answering(Function<String, String> answer) {
    return new WireServer(peer -> {
      for (String request = peer.read(); request != null; request = peer.read()) {
        peer.write(answer.apply(request));
      }
    });
  }

  static String answer(String status, String body, String... headers) {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "HTTP/1.1 " + status + "\r\n" + lines + "Content-Length: " + length + "\r\n\r\n" + body;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort() + path);
  }

  URI https(String path) {
    return URI.create("https://127.0.0.1:" + listener.getLocalPort() + path);
  }

  /** Every request as it came, head and body. */
  List<String> requests() {
    return requests;
  }

  List<Peer> peers() {
    return peers;
  }

  private void accept(Script script) {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        Thread.startVirtualThread(() -> serve(script, socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Script script, Socket socket) {
    try (socket) {
      socket.setSoTimeout(20_000);
      Peer peer = new Peer(socket);
      peers.add(peer);
      script.serve(peer);
    } catch (IOException e) {
      // The client went away, which is what some tests are about.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Peer peer : peers) {
      peer.socket.close();
    }
  }

  /** One connection, seen by the server. */
  final class Peer {
    private final Socket socket;
    private final InputStream in;

    Peer(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
    }

    /** The session of a connection with TLS. */
    SSLSession session() {
      return ((SSLSocket) socket).getSession();
    }

    /** The next request; null at the end of the connection. */
    @Nullable String read() throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int c = in.read();
        if (c < 0) {
          return null;
        }
        head.append((char) c);
      }
      String text =
          head + new String(in.readNBytes(length(head.toString())), StandardCharsets.UTF_8);
      requests.add(text);
      return text;
    }

    private static int length(String head) {
      return head.lines()
          .map(line -> line.toLowerCase(Locale.ROOT))
          .filter(line -> line.startsWith("content-length:"))
          .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
          .findFirst()
          .orElse(0);
    }

    void write(String text) throws IOException {
      write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    }

    /** Resets the connection. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Waits until the client closes, at most the socket's timeout. */
    boolean closedByClient() throws IOException {
      try {
        return in.read() < 0;
      } catch (java.net.SocketTimeoutException e) {
        return false;
      } catch (IOException e) {
        return true;
      }
    }
  }
}
