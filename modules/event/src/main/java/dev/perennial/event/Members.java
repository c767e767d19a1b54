package dev.perennial.event;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of an event's data, read strictly: the right JSON type or nothing. Every method
 * throws {@link Unfit} with the member's name and never with its value.
 */
final class Members {
  private final Map<String, @Nullable Object> object;

  Members(Map<String, @Nullable Object> object) {
    this.object = object;
  }

  ConnectionKey connectionKey() {
    String integration = text("integration");
    String connection = text("connection");
    if (!ConnectionKey.isSlug(integration) || !ConnectionKey.isConnectionId(connection)) {
      throw new Unfit("integration and connection are no connection key");
    }
    return new ConnectionKey(integration, connection);
  }

  String text(String name) {
    return given(name, textOrNull(name));
  }

  @Nullable String textOrNull(String name) {
    Object value = object.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new Unfit(name + " is not a text");
  }

  long number(String name) {
    Object value = given(name, object.get(name));
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw new Unfit(name + " is not an integer of 64 bits");
  }

  long numberOrZero(String name) {
    return object.get(name) == null ? 0 : number(name);
  }

  /** In whole seconds, as 64 bits and a {@link Duration} have them. */
  @Nullable Duration secondsOrNull(String name) {
    return object.get(name) == null ? null : Duration.ofSeconds(number(name));
  }

  boolean flagOrFalse(String name) {
    return object.get(name) != null && flag(name);
  }

  boolean flag(String name) {
    if (given(name, object.get(name)) instanceof Boolean flag) {
      return flag;
    }
    throw new Unfit(name + " is not true or false");
  }

  Instant instant(String name) {
    return given(name, instantOrNull(name));
  }

  @Nullable Instant instantOrNull(String name) {
    String text = textOrNull(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new Unfit(name + " is not an ISO 8601 instant");
    }
  }

  Sealed sealed(String name) {
    return given(name, sealedOrNull(name));
  }

  @Nullable Sealed sealedOrNull(String name) {
    String text = textOrNull(name);
    try {
      return text == null ? null : Sealed.of(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new Unfit(name + " is not base64");
    }
  }

  Map<String, @Nullable Object> object(String name) {
    if (!(given(name, object.get(name)) instanceof Map<?, ?> map)) {
      throw new Unfit(name + " is not an object");
    }
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    map.forEach((member, value) -> members.put(String.valueOf(member), value));
    return members;
  }

  /** The same, empty where there is none. */
  Map<String, @Nullable Object> objectOrEmpty(String name) {
    return object.get(name) == null ? Map.of() : object(name);
  }

  /** An object whose values are all texts. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(name)
        .forEach((member, value) -> {
          if (!(value instanceof String text)) {
            throw new Unfit(name + " holds something else than texts");
          }
          texts.put(member, text);
        });
    return texts;
  }

  /** A list of texts; empty where there is none. */
  List<String> listOrEmpty(String name) {
    Object given = object.get(name);
    if (given == null) {
      return List.of();
    }
    if (!(given instanceof List<?> list)) {
      throw new Unfit(name + " is not a list");
    }
    List<String> texts = new ArrayList<>();
    for (Object value : list) {
      if (!(value instanceof String text)) {
        throw new Unfit(name + " holds something else than texts");
      }
      texts.add(text);
    }
    return texts;
  }

  private static <T> T given(String name, @Nullable T value) {
    if (value == null) {
      throw new Unfit(name + " is missing");
    }
    return value;
  }

  /** A member is missing or of another type. */
  static final class Unfit extends RuntimeException {
    Unfit(String message) {
      super(message);
    }
  }
}
