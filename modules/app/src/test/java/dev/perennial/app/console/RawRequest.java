package dev.perennial.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request byte by byte, as the JDK's client does not let us send it. */
final class RawRequest {
  private RawRequest() {}

  /** Under another name of the server. */
  static String signIn(String origin, String host, String key) throws IOException {
    String body = "key=" + key;
    return send(
        origin,
        "POST /console/sign-in HTTP/1.1\r\nHost: "
            + host
            + "\r\nOrigin: https://"
            + host
            + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
            + body.length()
            + "\r\nConnection: close\r\n\r\n"
            + body);
  }

  private static String send(String origin, String request) throws IOException {
    URI at = URI.create(origin);
    try (Socket socket = new Socket(at.getHost(), at.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      byte[] answer = in.readNBytes(2); // waits for the first of it, then takes what is there
      return new String(answer, StandardCharsets.UTF_8)
          + new String(in.readNBytes(in.available()), StandardCharsets.UTF_8);
    }
  }
}
