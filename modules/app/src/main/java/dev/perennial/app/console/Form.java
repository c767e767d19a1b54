package dev.perennial.app.console;

import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of a form that was sent, each once. Of two of one name the first counts. */
final class Form {
  /** The longest is a JWT of 16 KiB to sign in with. */
  private static final int MOST_BYTES = 24 << 10;

  private static final int MOST_FIELDS = 40;

  private final Map<String, String> fields = new LinkedHashMap<>();

  private Form(String body) {
    for (String pair : body.split("&", MOST_FIELDS)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        fields.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
  }

  /**
   * @throws Turned 415 where it is no form, 413 where it is too long, 400 where it is broken
   */
  static Form of(ServerRequest request) {
    boolean form =
        request
            .headers()
            .contentType()
            .map(HttpMediaType::text)
            .filter(it -> it.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
    if (!form) {
      throw new Turned(Reply.plain(415, "Send a form.\n"));
    }
    try {
      InputStream in = request.content().inputStream(); // closing it would read the rest
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new Turned(Reply.plain(413, "The form is too long.\n"));
      }
      return new Form(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new Turned(Reply.plain(400, "The form cannot be read.\n"));
    }
  }

  /** Empty where it is not there. */
  String text(String name) {
    return fields.getOrDefault(name, "").strip();
  }

  /** The fields whose name begins so, without that beginning; those left empty are left out. */
  Map<String, String> under(String beginning) {
    Map<String, String> found = new LinkedHashMap<>();
    fields.forEach((name, value) -> {
      if (name.startsWith(beginning) && !value.isBlank()) {
        found.put(name.substring(beginning.length()), value.strip());
      }
    });
    return found;
  }
}
