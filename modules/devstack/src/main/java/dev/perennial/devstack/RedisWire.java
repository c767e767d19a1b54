package dev.perennial.devstack;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command on a connection of its own, in RESP2: enough to set servers up and to look at them.
 */
final class RedisWire {
  private static final int LIMIT_MILLIS = 2_000;

  private RedisWire() {}

  /** Whether it would answer; one that wants a password first does. */
  static boolean answers(int port) {
    try {
      return "PONG".equals(ask(port, "PING"));
    } catch (RedisError e) {
      return e.getMessage().startsWith("NOAUTH"); // LOADING is too early
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The answer as text. */
  static String text(int port, String... command) {
    return String.valueOf(ask(port, command));
  }

  /** The elements of an answer as text. */
  static List<String> texts(int port, String... command) {
    return ask(port, command) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
  }

  /**
   * @return text, a number, a list of such, or null
   * @throws RedisError where the server refuses
   * @throws UncheckedIOException where it does not answer
   */
  static @Nullable Object ask(int port, String... command) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(Ports.loopback(), port), LIMIT_MILLIS);
      socket.setSoTimeout(LIMIT_MILLIS);
      socket.getOutputStream().write(encoded(command));
      return answer(new DataInputStream(new BufferedInputStream(socket.getInputStream())));
    } catch (IOException e) {
      throw new UncheckedIOException("127.0.0.1:" + port, e);
    }
  }

  private static byte[] encoded(String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes("*" + command.length + "\r\n"));
    for (String part : command) {
      byte[] value = bytes(part);
      out.writeBytes(bytes("$" + value.length + "\r\n"));
      out.writeBytes(value);
      out.writeBytes(bytes("\r\n"));
    }
    return out.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable Object answer(DataInputStream in) throws IOException {
    int kind = in.readUnsignedByte();
    String line = line(in);
    return switch (kind) {
      case '+' -> line;
      case '-' -> throw new RedisError(line);
      case ':' -> Long.valueOf(line);
      case '$' -> bulk(in, Integer.parseInt(line));
      case '*' -> array(in, Integer.parseInt(line));
      default -> throw new IOException("not RESP2: " + (char) kind + line);
    };
  }

  private static @Nullable String bulk(DataInputStream in, int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] value = in.readNBytes(length);
    in.skipNBytes(2);
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  private static List<@Nullable Object> array(DataInputStream in, int length) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      elements.add(answer(in));
    }
    return elements;
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\r'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("within an answer");
      }
      line.append((char) next);
    }
    in.skipNBytes(1);
    return line.toString();
  }

  /** What a server answers in place of a result. */
  static final class RedisError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String text;

    RedisError(String text) {
      super(text);
      this.text = text;
    }

    @Override
    public String getMessage() {
      return text;
    }
  }
}
