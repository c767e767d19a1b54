package dev.perennial.devstack.provider;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.x request as it was read.
 *
 * @param path still encoded
 * @param query still encoded, empty where there is none
 * @param headers by lower-case name; the last of several
 */
public record HttpRequest(
    String method,
    String path,
    String query,
    String version,
    Map<String, String> headers,
    String body) {

  private static final int LONGEST_LINE = 65_536;
  private static final int LONGEST_BODY = 4 << 20;
  private static final int MOST_HEADERS = 200;

  /**
   * Reads the next request of a connection.
   *
   * @return null where the caller closed the connection instead
   * @throws IllegalArgumentException where it is not HTTP
   */
  static @Nullable HttpRequest read(InputStream in, OutputStream out) throws IOException {
    String first = readLine(in);
    if (first == null) {
      return null;
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
      throw new IllegalArgumentException("not a request line");
    }
    Map<String, String> headers = readHeaders(in);
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    int mark = words[1].indexOf('?');
    String path = mark < 0 ? words[1] : words[1].substring(0, mark);
    String query = mark < 0 ? "" : words[1].substring(mark + 1);
    return new HttpRequest(
        words[0],
        path,
        query,
        words[2],
        headers,
        new String(readBody(in, headers), StandardCharsets.UTF_8));
  }

  /** The value, or null where there is none. */
  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  boolean keepsAlive() {
    String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    return version.equals("HTTP/1.1")
        ? !connection.contains("close")
        : connection.contains("keep-alive");
  }

  Parameters queryParameters() {
    return Parameters.parse(query);
  }

  private static Map<String, String> readHeaders(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int count = 0; count < MOST_HEADERS; count++) {
      String line = readLine(in);
      if (line == null) {
        throw new EOFException("the connection ended inside the headers");
      }
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("not a header line");
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    throw new IllegalArgumentException("more than " + MOST_HEADERS + " headers");
  }

  private static byte[] readBody(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return readChunks(in);
    }
    return readExactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = readLine(in);
      if (size == null) {
        throw new EOFException("the connection ended inside a chunked body");
      }
      int length = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
      if (length == 0) {
        readHeaders(in);
        return body.toByteArray();
      }
      body.writeBytes(readExactly(in, length));
      readLine(in);
      if (body.size() > LONGEST_BODY) {
        throw new IllegalArgumentException("the body is too long");
      }
    }
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    if (length < 0 || length > LONGEST_BODY) {
      throw new IllegalArgumentException("the body is too long");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the connection ended inside the body");
    }
    return bytes;
  }

  private static @Nullable String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      if (line.length() == LONGEST_LINE) {
        throw new IllegalArgumentException("a line is too long");
      }
      line.append((char) b);
    }
    return line.isEmpty() ? null : line.toString();
  }
}
