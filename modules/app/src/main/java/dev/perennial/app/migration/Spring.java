package dev.perennial.app.migration;

import dev.perennial.app.migration.Converted.Line;
import dev.perennial.app.migration.Converted.Refused;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of {@code oauth2_authorized_client}, tokens as text.
 *
 * @param zone of times that name none: that of the JVM that wrote them
 */
record Spring(Names names, ZoneId zone) {

  Converted convert(long number, Map<String, @Nullable Object> record) {
    Members row = Members.ofColumns(record);
    String registration = row.text("client_registration_id");
    String principal = row.text("principal_name");
    String name = registration + "/" + Notes.printable(principal);
    if (registration.isEmpty() || principal.isEmpty()) {
      return new Refused(
          number, "", "no row of the table: client_registration_id or principal_name is missing");
    }
    Optional<String> integration = names.integration(registration);
    if (integration.isEmpty()) {
      return new Refused(
          number,
          name,
          "cannot be the name of an integration: give --map '" + registration + "=…'");
    }
    for (String column : List.of("access_token_value", "refresh_token_value")) {
      if (row.text(column).startsWith("\\x")) {
        return new Refused(
            number, name, column + " is in hex: select convert_from(" + column + ", 'UTF8')");
      }
    }
    return line(number, integration.get(), principal, row);
  }

  private Converted line(long number, String integration, String principal, Members row) {
    String id = ConnectionIds.of(principal);
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    members.put("integration", integration);
    members.put("connection", id);
    put(members, "access_token", row.text("access_token_value"));
    put(members, "refresh_token", row.text("refresh_token_value"));
    put(members, "token_type", row.text("access_token_type"));
    put(members, "scope", row.text("access_token_scopes").replace(',', ' '));
    for (String time : List.of("issued_at", "expires_at")) {
      String text = row.text("access_token_" + time);
      Optional<Instant> instant = Times.instant(text, zone);
      if (instant.isEmpty() && !text.isEmpty()) {
        return new Refused(
            number, integration + "/" + id, "access_token_" + time + " is no time that is known");
      }
      instant.ifPresent(it -> members.put(time, it.toString()));
    }
    return new Line(number, integration + "/" + id, members, Notes.of(principal, id));
  }

  private static void put(Map<String, @Nullable Object> members, String name, String text) {
    if (!text.isEmpty()) {
      members.put(name, text);
    }
  }
}
