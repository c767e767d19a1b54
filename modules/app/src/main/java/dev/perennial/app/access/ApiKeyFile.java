package dev.perennial.app.access;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * API keys as they lie in a file: {@code {"keys": [{id, name, scopes, integrations?, created,
 * expires?, sha256}]}}. Public contract; members that are not known are errors, so that nobody
 * believes in a limit that is not applied.
 */
public final class ApiKeyFile {
  /** As many as one file may hold. */
  public static final int MOST = 10_000;

  private static final int MAX_BYTES = 32 << 20;
  private static final Set<String> MEMBERS =
      Set.of("id", "name", "scopes", "integrations", "created", "expires", "sha256");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ApiKeyFile() {}

  /**
   * @return in the order of the file
   * @throws IOException where it cannot be read or is not as it should be; its message names the
   *     file, the cause and what to do
   */
  public static List<ApiKey> read(Path file) throws IOException {
    try {
      return keys(MAPPER.readTree(bytes(file)));
    } catch (NoSuchFileException e) {
      throw new IOException(
          file + " (admin.api-keys) is not there. Make the first key with perennial keys api new.",
          e);
    } catch (JacksonException e) {
      throw unreadable(file, "it is not JSON", e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable(file, Objects.toString(e.getMessage(), ""), e);
    } catch (IOException e) {
      throw unreadable(file, e.getClass().getSimpleName(), e);
    }
  }

  private static IOException unreadable(Path file, String why, Exception cause) {
    return new IOException(
        file
            + " (admin.api-keys) cannot be read: "
            + why
            + ". Is it what perennial keys api new wrote, and may this user read it?",
        cause);
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException("it is longer than " + MAX_BYTES + " bytes");
      }
      return bytes;
    }
  }

  private static List<ApiKey> keys(JsonNode document) {
    JsonNode keys = document.path("keys");
    if (!keys.isArray() || document.size() != 1) {
      throw new IllegalArgumentException("expected {\"keys\": […]} and nothing else");
    }
    if (keys.size() > MOST) {
      throw new IllegalArgumentException("there are more than " + MOST + " keys");
    }
    List<ApiKey> all = new ArrayList<>(keys.size());
    Set<String> ids = new HashSet<>();
    for (JsonNode key : keys) {
      ApiKey read = key(key, all.size() + 1);
      if (!ids.add(read.id())) {
        throw new IllegalArgumentException("key " + read.id() + " stands there twice");
      }
      all.add(read);
    }
    return all;
  }

  private static ApiKey key(JsonNode key, int number) {
    try {
      key.propertyNames()
          .forEach(name -> {
            if (!MEMBERS.contains(name)) {
              throw new IllegalArgumentException("a member that is not known");
            }
          });
      return new ApiKey(
          text(key, "id"),
          text(key, "name"),
          scopes(key),
          key.has("integrations") ? Optional.of(texts(key, "integrations")) : Optional.empty(),
          Instant.parse(text(key, "created")),
          key.has("expires") ? Optional.of(Instant.parse(text(key, "expires"))) : Optional.empty(),
          text(key, "sha256"));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException("key number " + number + ": " + e.getMessage(), e);
    }
  }

  private static Set<Scope> scopes(JsonNode key) {
    Set<Scope> scopes = new HashSet<>();
    for (String name : texts(key, "scopes")) {
      scopes.add(
          Scope.find(name)
              .orElseThrow(
                  () -> new IllegalArgumentException("scopes: there are " + Scope.names())));
    }
    return scopes;
  }

  private static String text(JsonNode key, String member) {
    JsonNode value = key.path(member);
    if (!value.isString()) {
      throw new IllegalArgumentException(member + " must be a string");
    }
    return value.asString();
  }

  private static Set<String> texts(JsonNode key, String member) {
    JsonNode values = key.path(member);
    if (!values.isArray()) {
      throw new IllegalArgumentException(member + " must be an array");
    }
    Set<String> texts = new HashSet<>();
    for (JsonNode value : values) {
      if (!value.isString()) {
        throw new IllegalArgumentException(member + " must be strings");
      }
      texts.add(value.asString());
    }
    return texts;
  }

  /** As {@link #read} reads it. */
  public static String text(List<ApiKey> keys) {
    return MAPPER.writeValueAsString(Map.of("keys", keys.stream().map(ApiKeyFile::json).toList()));
  }

  private static Map<String, @Nullable Object> json(ApiKey key) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("id", key.id());
    json.put("name", key.name());
    json.put("scopes", key.scopes().stream().sorted().map(Scope::text).toList());
    key.integrations().ifPresent(all -> json.put("integrations", all.stream().sorted().toList()));
    json.put("created", key.created().toString());
    key.expires().ifPresent(end -> json.put("expires", end.toString()));
    json.put("sha256", key.sha256());
    return json;
  }
}
