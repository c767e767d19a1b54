package dev.perennial.devstack.dialect;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How one provider behaves, written from its documentation. Immutable.
 *
 * @param variables values of the operator's variables
 * @param connection values of what each connection brings itself
 * @param consent null where there is no browser
 * @param calls what the provider's servers are asked, in this order
 * @param errors real answers to a failed request
 * @param accessToken which of the minted tokens a user of the connection is to have
 * @param expiresIn life of that token in seconds, null for a permanent one
 */
public record Dialect(
    Map<String, String> variables,
    Map<String, String> connection,
    @Nullable Consent consent,
    List<Call> calls,
    Rotation rotation,
    List<Failure> errors,
    String accessToken,
    @Nullable Long expiresIn) {

  public Dialect {
    variables = Map.copyOf(variables);
    connection = Map.copyOf(connection);
    calls = List.copyOf(calls);
    errors = List.copyOf(errors);
  }

  /**
   * @param json one file; the records of this class say what may be in it
   * @throws IllegalArgumentException where it is not a dialect; the message names the place
   */
  public static Dialect parse(String json) {
    return new DialectReader(json).read();
  }

  /** Whether a user agrees in a browser. */
  public boolean hasConsent() {
    return consent != null;
  }

  /** Whether a call of this kind is to come. */
  public boolean has(Kind kind) {
    return calls.stream().anyMatch(call -> call.kind() == kind);
  }

  /** What a request is for. */
  public enum Kind {
    DISCOVERY,
    PREPARE,
    TOKEN,
    REFRESH,
    REVOKE;

    static Kind of(String text) {
      for (Kind kind : values()) {
        if (kind.toString().equals(text)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("\"for\" is none of " + List.of(values()) + ": " + text);
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of a refresh token that was used. */
  public enum Rotation {
    /** An answer brings a new one, and the old one is dead. */
    SINGLE_USE,
    /** It stays the same. */
    NEVER,
    /** There is none. */
    NONE
  }

  /**
   * The page at which the user agrees.
   *
   * @param url without its query
   * @param query the exact parameters
   * @param callback what goes back
   */
  record Consent(Text url, Map<String, Text> query, Map<String, Text> callback) {}

  /**
   * One request to the provider's servers.
   *
   * @param url without its query
   * @param query the exact parameters
   * @param headers by lower-case name; others may be there too
   * @param claims which a signed assertion of the request has; others may be there too
   */
  record Call(
      Kind kind,
      String method,
      Text url,
      Map<String, Text> query,
      Map<String, Text> headers,
      Body body,
      Map<String, JsonNode> claims,
      Reply reply) {

    String title() {
      return kind + " (" + method + " " + url + ")";
    }
  }

  /** The body that a request must have. */
  sealed interface Body {
    /** No byte. */
    record None() implements Body {}

    /** The exact fields of a form. */
    record Form(Map<String, Text> fields) implements Body {}

    /** The exact value, texts in it may hold placeholders. */
    record Json(JsonNode value) implements Body {}
  }

  /**
   * What is answered.
   *
   * @param body a text stands for itself, anything else is JSON
   */
  record Reply(int status, String contentType, Map<String, String> headers, JsonNode body) {}

  /**
   * A real answer to a failed request.
   *
   * @param body as it is sent
   * @param meaning refused, throttled, unavailable or misconfigured
   * @param source where it is documented or was seen
   */
  public record Failure(
      Kind kind,
      int status,
      Optional<String> contentType,
      Map<String, String> headers,
      String body,
      String meaning,
      String source) {}
}
