package dev.perennial.devstack.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** One token request on a bare socket, to see every byte of the answer and how it ends. */
final class RawCall implements AutoCloseable {
  private final Socket socket;

  /** How the bytes ended. */
  enum End {
    CLOSED,
    RESET,
    SILENT
  }

  /** What was seen. */
  record Seen(String bytes, End end) {}

  private RawCall(SimulatedProvider provider, URI tokenUri, String token, String connection)
      throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), tokenUri.getPort());
    String body =
        Parameters.encode(Map.of("grant_type", "refresh_token", "refresh_token", token))
            + "&client_id="
            + provider.profile().clientId()
            + "&client_secret="
            + provider.profile().clientSecret();
    String head =
        "POST "
            + tokenUri.getPath()
            + " HTTP/1.1\r\nHost: sim\r\nConnection: "
            + connection
            + "\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    OutputStream out = socket.getOutputStream();
    out.write((head + body).getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  static RawCall refresh(SimulatedProvider provider, String token) throws IOException {
    return refresh(provider, provider.tokenUri(), token);
  }

  /**
   * @param tokenUri where it is sent instead
   */
  static RawCall refresh(SimulatedProvider provider, URI tokenUri, String token)
      throws IOException {
    return new RawCall(provider, tokenUri, token, "close");
  }

  static RawCall keptAlive(SimulatedProvider provider, String token) throws IOException {
    return new RawCall(provider, provider.tokenUri(), token, "keep-alive");
  }

  /** Reads to the end, or until nothing came for this long. */
  Seen readFor(Duration silence) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    socket.setSoTimeout(Math.toIntExact(silence.toMillis()));
    End end = End.CLOSED;
    try {
      InputStream in = socket.getInputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        bytes.write(b);
      }
    } catch (SocketTimeoutException e) {
      end = End.SILENT;
    } catch (SocketException e) {
      end = End.RESET;
    }
    return new Seen(bytes.toString(StandardCharsets.UTF_8), end);
  }

  /** Gives up without a word, as a client whose time is over. */
  void abandon() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
