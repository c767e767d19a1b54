package dev.perennial.event;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.IssuedTokens;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import dev.perennial.domain.event.Event.AnswerJournaled;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.domain.event.Event.ConsentJournaled;
import dev.perennial.domain.event.Event.CredentialUpdated;
import dev.perennial.domain.event.Event.RefreshDue;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The data of each event as JSON members: snake_case, instants in ISO 8601, sealed bytes in base64,
 * what is not there left out. Members that are not known are ignored, so that newer writers do no
 * harm.
 */
final class EventData {
  private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

  private EventData(ConnectionKey key) {
    put("integration", key.integration());
    put("connection", key.connection());
  }

  static Map<String, @Nullable Object> of(Event event) {
    if (event instanceof CredentialUpdated updated) {
      return credential(updated.state());
    }
    if (event instanceof CodeReceived received) {
      return code(received);
    }
    if (event instanceof RefreshDue due) {
      return refresh(due);
    }
    if (event instanceof AuthorizationFailed failed) {
      return failure(failed);
    }
    return event instanceof AnswerJournaled answer
        ? answer(answer)
        : consent((ConsentJournaled) event);
  }

  static CredentialUpdated credential(Change change, Members data) {
    return new CredentialUpdated(
        new CredentialState(
            data.connectionKey(),
            data.number("grant"),
            data.number("token_gen"),
            data.number("version"),
            status(data.text("status")),
            change,
            reasonOrNull(data),
            data.sealedOrNull("sealed"),
            data.instantOrNull("issued_at"),
            data.instantOrNull("expires_at"),
            data.instantOrNull("next_refresh_at"),
            data.textOrNull("token_type"),
            data.textOrNull("scope"),
            data.instant("changed_at"),
            grantEndOrNull(data),
            data.secondsOrNull("warned_lead_seconds")));
  }

  private static Map<String, @Nullable Object> credential(CredentialState state) {
    return new EventData(state.key())
        .put("grant", state.grant())
        .put("token_gen", state.tokenGen())
        .put("version", state.version())
        .put("status", state.status().text())
        .put(state.reason())
        .put("token_type", state.tokenType())
        .put("scope", state.scope())
        .put("issued_at", state.issuedAt())
        .put("expires_at", state.expiresAt())
        .put("next_refresh_at", state.nextRefreshAt())
        .put("changed_at", state.changedAt())
        .put(state.grantEnd())
        .put("warned_lead_seconds", state.warned() == null ? null : state.warned().toSeconds())
        .put("sealed", state.sealed())
        .members;
  }

  static CodeReceived code(Members data) {
    return new CodeReceived(
        data.connectionKey(),
        data.text("authorization"),
        data.number("grant"),
        Objects.requireNonNullElse(data.textOrNull("healing"), ""),
        data.instant("received_at"),
        data.sealed("sealed"));
  }

  private static Map<String, @Nullable Object> code(CodeReceived event) {
    return new EventData(event.key())
        .put("authorization", event.authorization())
        .put("grant", event.grant())
        .put("healing", event.healing())
        .put("received_at", event.at())
        .put("sealed", event.sealed())
        .members;
  }

  static RefreshDue refresh(Members data) {
    return new RefreshDue(
        data.connectionKey(),
        data.number("version"),
        cause(data.text("cause")),
        data.instant("said_at"));
  }

  private static Map<String, @Nullable Object> refresh(RefreshDue event) {
    return new EventData(event.key())
        .put("version", event.version())
        .put("cause", event.cause().name().toLowerCase(Locale.ROOT))
        .put("said_at", event.at())
        .members;
  }

  static AuthorizationFailed failure(Members data) {
    return new AuthorizationFailed(
        data.connectionKey(),
        data.text("authorization"),
        reason(data.text("reason"), data),
        data.instant("failed_at"));
  }

  private static Map<String, @Nullable Object> failure(AuthorizationFailed event) {
    return new EventData(event.key())
        .put("authorization", event.authorization())
        .put(event.reason())
        .put("failed_at", event.at())
        .members;
  }

  static AnswerJournaled answer(Members data) {
    return new AnswerJournaled(
        data.connectionKey(),
        data.text("attempt"),
        Math.toIntExact(data.number("stage")),
        data.flag("last"),
        data.number("grant"),
        data.number("token_gen"),
        tokens(data),
        data.instant("journaled_at"));
  }

  private static Map<String, @Nullable Object> answer(AnswerJournaled event) {
    return new EventData(event.key())
        .put("attempt", event.attempt())
        .put("stage", (long) event.stage())
        .put("last", event.last())
        .put("grant", event.grant())
        .put("token_gen", event.tokenGen())
        .put("journaled_at", event.at())
        .put(event.tokens())
        .members;
  }

  static ConsentJournaled consent(Members data) {
    return new ConsentJournaled(
        data.connectionKey(),
        data.text("authorization"),
        data.number("grant"),
        tokens(data),
        data.instant("journaled_at"));
  }

  private static Map<String, @Nullable Object> consent(ConsentJournaled event) {
    return new EventData(event.key())
        .put("authorization", event.authorization())
        .put("grant", event.grant())
        .put("journaled_at", event.at())
        .put(event.tokens())
        .members;
  }

  private static IssuedTokens tokens(Members data) {
    return new IssuedTokens(
        data.sealed("sealed"),
        data.instant("issued_at"),
        data.instantOrNull("expires_at"),
        data.instantOrNull("due_at"),
        data.textOrNull("token_type"),
        data.textOrNull("scope"),
        grantEndOrNull(data));
  }

  private static @Nullable GrantEnd grantEndOrNull(Members data) {
    Instant at = data.instantOrNull("grant_ends_at");
    return at == null ? null : new GrantEnd(at, data.flagOrFalse("grant_end_moves"));
  }

  private static @Nullable Reason reasonOrNull(Members data) {
    String code = data.textOrNull("reason");
    return code == null ? null : reason(code, data);
  }

  private static Reason reason(String code, Members data) {
    String detail = data.textOrNull("reason_detail");
    return new Reason(code, detail == null ? "" : detail);
  }

  private static Status status(String text) {
    try {
      return Status.of(text);
    } catch (IllegalArgumentException e) {
      throw new Members.Unfit("status is none we know");
    }
  }

  private static RefreshDue.Cause cause(String text) {
    try {
      return RefreshDue.Cause.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Members.Unfit("cause is none we know");
    }
  }

  private EventData put(IssuedTokens tokens) {
    return put("token_type", tokens.tokenType())
        .put("scope", tokens.scope())
        .put("issued_at", tokens.issuedAt())
        .put("expires_at", tokens.expiresAt())
        .put("due_at", tokens.dueAt())
        .put(tokens.grantEnd())
        .put("sealed", tokens.sealed());
  }

  private EventData put(@Nullable Reason reason) {
    if (reason != null) {
      put("reason", reason.code());
      put("reason_detail", reason.detail().isEmpty() ? null : reason.detail());
    }
    return this;
  }

  private EventData put(@Nullable GrantEnd end) {
    if (end != null) {
      put("grant_ends_at", end.at());
      put("grant_end_moves", end.moves());
    }
    return this;
  }

  private EventData put(String name, @Nullable Instant instant) {
    return put(name, instant == null ? null : instant.toString());
  }

  private EventData put(String name, @Nullable Sealed sealed) {
    return put(name, sealed == null ? null : Base64.getEncoder().encodeToString(sealed.bytes()));
  }

  private EventData put(String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value);
    }
    return this;
  }
}
