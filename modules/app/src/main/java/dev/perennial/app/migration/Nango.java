package dev.perennial.app.migration;

import dev.perennial.app.migration.Converted.Line;
import dev.perennial.app.migration.Converted.Refused;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connections as Nango's {@code GET /connections/{connectionId}} answers them. */
record Nango(Names names) {

  Converted convert(long number, Map<String, @Nullable Object> record) {
    Members connection = new Members(record);
    String theirs = connection.text("provider_config_key");
    String id = connection.text("connection_id");
    String name = theirs + "/" + id;
    Members credentials = connection.object("credentials");
    if (theirs.isEmpty() || id.isEmpty()) {
      return new Refused(
          number, "", "no connection of Nango: it has no connection_id and provider_config_key");
    }
    Optional<String> integration = names.integration(theirs);
    if (integration.isEmpty()) {
      return new Refused(
          number, name, "cannot be the name of an integration: give --map '" + theirs + "=…'");
    }
    String type = credentials.text("type");
    if (type.isEmpty()) {
      return new Refused(
          number, name, "it has no credentials; Nango's list has none, ask for each connection");
    }
    if (!type.equals("OAUTH2")) {
      return new Refused(
          number,
          name,
          "credentials of type " + printable(type) + ", only OAUTH2 can be refreshed");
    }
    return line(number, integration.get(), id, connection, credentials);
  }

  private Line line(
      long number, String integration, String theirId, Members connection, Members credentials) {
    String id = ConnectionIds.of(theirId);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("integration", integration);
    members.put("connection", id);
    put(members, "access_token", credentials.text("access_token"));
    put(members, "refresh_token", credentials.text("refresh_token"));
    Times.instant(credentials.text("expires_at"))
        .ifPresent(end -> members.put("expires_at", end.toString()));
    Map<String, @Nullable Object> raw = credentials.object("raw").values();
    if (!raw.isEmpty()) {
      members.put("oauth", raw);
    }
    Map<String, String> variables =
        names.variables(integration, texts(connection.object("connection_config")));
    if (!variables.isEmpty()) {
      members.put("variables", variables);
    }
    return new Line(number, integration + "/" + id, members, Notes.of(theirId, id));
  }

  private static Map<String, String> texts(Members config) {
    Map<String, String> texts = new LinkedHashMap<>();
    config
        .values()
        .forEach((name, value) -> {
          if (value instanceof String text && !text.isEmpty()) {
            texts.put(name, text);
          } else if (value instanceof Number || value instanceof Boolean) {
            texts.put(name, value.toString());
          }
        });
    return texts;
  }

  private static void put(Map<String, @Nullable Object> members, String name, String text) {
    if (!text.isEmpty()) {
      members.put(name, text);
    }
  }

  private static String printable(String type) {
    return type.matches("[A-Z0-9_]{1,40}") ? type : "that is none of Nango's";
  }
}
