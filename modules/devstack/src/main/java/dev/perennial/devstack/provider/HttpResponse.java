package dev.perennial.devstack.provider;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes back: status, headers, body. */
public record HttpResponse(int status, Map<String, String> headers, String body) {

  public static HttpResponse of(int status, String contentType, String body) {
    return new HttpResponse(status, Map.of("Content-Type", contentType), body);
  }

  public static HttpResponse empty(int status) {
    return new HttpResponse(status, Map.of(), "");
  }

  /**
   * @param location where to; refused where it would break out of its header
   */
  public static HttpResponse redirect(String location) {
    if (location.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException("a line break in a redirect");
    }
    return empty(302).with("Location", location);
  }

  public HttpResponse with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpResponse(status, more, body);
  }

  HttpResponse withBody(String other) {
    return new HttpResponse(status, headers, other);
  }

  byte[] bytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param length of the body in bytes
   */
  byte[] head(int length, boolean keepAlive) {
    StringBuilder head = new StringBuilder(256);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason()).append("\r\n");
    headers.forEach((name, value) -> line(head, name, value));
    line(head, "Content-Length", Integer.toString(length));
    line(head, "Cache-Control", "no-store");
    line(head, "Connection", keepAlive ? "keep-alive" : "close");
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private String reason() {
    return switch (status) {
      case 200 -> "OK";
      case 302 -> "Found";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 429 -> "Too Many Requests";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }
}
