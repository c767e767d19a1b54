package dev.perennial.app.console;

import dev.perennial.app.console.change.SeenChange;
import dev.perennial.app.console.page.Words;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connections and changes as tables show them. */
final class Rows {
  private Rows() {}

  static String address(ConnectionKey key) {
    return ConsoleRoutes.PATH
        + "/connections/"
        + key.integration()
        + "/"
        + URLEncoder.encode(key.connection(), StandardCharsets.UTF_8);
  }

  static String name(Status status) {
    return switch (status) {
      case ACTIVE -> "active";
      case REFRESH_FAILING -> "failing";
      case REAUTHORIZATION_REQUIRED -> "needs consent";
      case EXPIRED -> "expired";
      case DELETED -> "deleted";
    };
  }

  static String name(Change change) {
    return switch (change) {
      case CONNECTED -> "connected";
      case REFRESHED -> "refreshed";
      case REFRESH_FAILED -> "refresh failed";
      case REAUTHORIZATION_REQUIRED -> "needs consent";
      case EXPIRING -> "consent ends soon";
      case EXPIRED -> "expired";
      case RESEALED -> "sealed anew";
      case DELETED -> "deleted";
    };
  }

  /** Which of the four colours. */
  static String tone(Change change) {
    return switch (change) {
      case CONNECTED, REFRESHED -> "good";
      case REFRESH_FAILED, EXPIRING -> "wait";
      case REAUTHORIZATION_REQUIRED, EXPIRED -> "stop";
      case RESEALED, DELETED -> "none";
    };
  }

  static String tone(Status status) {
    return switch (status) {
      case ACTIVE -> "good";
      case REFRESH_FAILING -> "wait";
      case REAUTHORIZATION_REQUIRED, EXPIRED -> "stop";
      case DELETED -> "none";
    };
  }

  static Map<String, @Nullable Object> of(CredentialState state, Instant now) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("integration", state.key().integration());
    row.put("connection", state.key().connection());
    row.put("address", address(state.key()));
    row.put("status", name(state.status()));
    row.put("tone", tone(state.status()));
    row.put("reason", reason(state.reason()));
    row.put("version", state.version());
    row.put("expires", Words.time(state.expiresAt(), now));
    row.put("refresh", Words.time(state.nextRefreshAt(), now));
    row.put("changed", Words.time(state.changedAt(), now));
    return row;
  }

  static Map<String, @Nullable Object> of(SeenChange change, Instant now) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("number", change.number());
    row.put("integration", change.key().integration());
    row.put("connection", change.key().connection());
    row.put("address", address(change.key()));
    row.put("change", name(change.change()));
    row.put("tone", tone(change.change()));
    row.put("reason", reason(change.reason()));
    row.put("version", change.version());
    row.put("at", Words.time(change.at(), now));
    row.put("expires", Words.time(change.expiresAt(), now));
    row.put("place", change.partition() + " / " + change.offset());
    return row;
  }

  static String reason(@Nullable Reason reason) {
    return reason == null ? "" : reason.toString();
  }
}
