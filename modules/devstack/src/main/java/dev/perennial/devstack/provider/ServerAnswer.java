package dev.perennial.devstack.provider;

import dev.perennial.devstack.provider.Use.Outcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a real server's answer to a token request means, read as any client would: JSON or a form,
 * the tokens at whatever depth.
 *
 * @param detail the error, or the status where none is said; empty where it was granted
 * @param refreshToken in the answer, or null
 */
record ServerAnswer(Outcome outcome, String detail, @Nullable String refreshToken) {
  private static final JsonMapper JSON = new JsonMapper();

  static ServerAnswer read(HttpResponse response) {
    Fields fields = fields(response.body());
    int status = response.status();
    String error = fields.get("error");
    String detail = error == null ? "status " + status : error;
    boolean good = status / 100 == 2;
    if (good && fields.get("access_token") != null) {
      return new ServerAnswer(Outcome.GRANTED, "", fields.get("refresh_token"));
    }
    boolean refused = status / 100 == 4 || (good && error != null);
    return new ServerAnswer(refused ? Outcome.REFUSED : Outcome.FAULT, detail, null);
  }

  /** Named values; null for one that is not there. */
  private interface Fields {
    @Nullable String get(String name);
  }

  private static Fields fields(String body) {
    if (body.stripLeading().startsWith("{")) {
      return json(body);
    }
    try {
      return Parameters.parse(body.strip())::get;
    } catch (IllegalArgumentException notAForm) {
      return name -> null;
    }
  }

  private static Fields json(String body) {
    try {
      JsonNode node = JSON.readTree(body);
      return name -> {
        JsonNode found = node.findValue(name);
        return found == null || !found.isString() ? null : found.asString();
      };
    } catch (JacksonException unreadable) {
      return name -> null;
    }
  }
}
