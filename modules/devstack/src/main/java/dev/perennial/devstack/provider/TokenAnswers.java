package dev.perennial.devstack.provider;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Puts a decision into the words a provider answers with (RFC 6749, sections 5.1 and 5.2). */
final class TokenAnswers {
  private static final JsonMapper JSON = new JsonMapper();

  private final ProviderProfile profile;

  TokenAnswers(ProviderProfile profile) {
    this.profile = profile;
  }

  HttpResponse answer(Granting decided) {
    return switch (decided) {
      case Granting.Granted granted -> encoded(200, fields(granted));
      case Granting.Refused refused -> refused(refused);
    };
  }

  private Map<String, Object> fields(Granting.Granted granted) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("access_token", granted.accessToken());
    fields.put("token_type", "Bearer");
    putExpiry(fields);
    if (granted.refreshToken() != null) {
      fields.put("refresh_token", granted.refreshToken());
    }
    if (profile.scopeEchoed && !granted.scope().isEmpty()) {
      fields.put("scope", granted.scope());
    }
    fields.put("sim_grant", granted.grant());
    fields.putAll(profile.extraFields);
    return fields;
  }

  private void putExpiry(Map<String, Object> fields) {
    long seconds = profile.accessTokenLife.toSeconds();
    switch (profile.expiresIn) {
      case NUMBER -> fields.put("expires_in", seconds);
      case STRING -> fields.put("expires_in", Long.toString(seconds));
      case ABSENT -> {}
    }
  }

  private HttpResponse refused(Granting.Refused refused) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (profile.errorsIn200) {
      fields.put("ok", false);
    }
    fields.put("error", refused.error());
    fields.put("error_description", refused.description());
    if (profile.errorsIn200) {
      return encoded(200, fields);
    }
    boolean client = refused.error().equals("invalid_client");
    HttpResponse response = encoded(client ? 401 : 400, fields);
    return client ? response.with("WWW-Authenticate", "Basic realm=\"token\"") : response;
  }

  private HttpResponse encoded(int status, Map<String, Object> fields) {
    return profile.formAnswers
        ? HttpResponse.of(status, "application/x-www-form-urlencoded", Parameters.encode(fields))
        : HttpResponse.of(status, "application/json", JSON.writeValueAsString(fields));
  }
}
