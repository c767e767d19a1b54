package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.UnavailableException;
import dev.perennial.domain.authorization.CodeRecords;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.credential.Reason;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /callback/{integration}/done} and {@code …/progress}: how far a consent has come, as a
 * page and for its script. Both can be asked any number of times. Thread-safe.
 */
final class OutcomeEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(OutcomeEndpoint.class);
  private static final Pattern REASON_CODE = Pattern.compile("[a-z_]{1,64}");

  private final CodeRecords codes;
  private final IngressSettings settings;
  private final Notices notices;
  private final Pages pages;

  OutcomeEndpoint(CodeRecords codes, IngressSettings settings, Notices notices, Pages pages) {
    this.codes = codes;
    this.settings = settings;
    this.notices = notices;
    this.pages = pages;
  }

  /** The address of the page; nothing secret in it. */
  String address(ConnectionKey key, String authorization, Asker asker) {
    return address("done", key, authorization) + asker.query();
  }

  /** The address that tells a script of ours whether the outcome is known. */
  String progressAddress(ConnectionKey key, String authorization) {
    return address("progress", key, authorization);
  }

  Answer page(String slug, String rawQuery) {
    Optional<Asked> asked = asked(slug, rawQuery);
    return asked.isEmpty()
        ? pages.notice(notices.incompleteAddress())
        : answering(asked.get(), this::page, this::pageUnavailable);
  }

  Answer progress(String slug, String rawQuery) {
    Optional<Asked> asked = asked(slug, rawQuery);
    return asked.isEmpty()
        ? Answer.empty(400)
        : answering(asked.get(), this::json, this::jsonUnavailable);
  }

  private record Asked(ConnectionKey key, String authorization, Asker asker) {}

  private Optional<Asked> asked(String slug, String rawQuery) {
    if (!ConnectionKey.isSlug(slug)
        || !(Received.read(rawQuery) instanceof Received.Parameters parameters)) {
      return Optional.empty();
    }
    String authorization = parameters.first("authorization");
    String connection = parameters.first("connection");
    if (authorization == null
        || !RandomText.looksLikeId(authorization)
        || connection == null
        || !ConnectionKey.isConnectionId(connection)) {
      return Optional.empty();
    }
    return Optional.of(
        new Asked(
            new ConnectionKey(slug, connection),
            authorization,
            Asker.of(parameters.first("return_to"), parameters.first("popup"), settings)));
  }

  private Answer answering(
      Asked asked, Function<Asked, Answer> answer, Supplier<Answer> unavailable) {
    try {
      return answer.apply(asked);
    } catch (UnavailableException e) {
      LOG.warn(
          "{}: how far consent {} has come cannot be said: {}",
          asked.key(),
          asked.authorization(),
          e.getMessage());
      return unavailable.get().with("Retry-After", "5");
    }
  }

  private Answer page(Asked asked) {
    ConnectionKey key = asked.key();
    return switch (codes.progress(key, asked.authorization())) {
      case Progress.Pending() ->
          pages.progress(key.integration(), progressAddress(key, asked.authorization()));
      case Progress.Connected() ->
          pages.notice(leaving(notices.connected(key), key, null, asked.asker()));
      case Progress.Failed(Reason reason) ->
          pages.notice(leaving(notices.failed(200, key, reason), key, reason, asked.asker()));
    };
  }

  /**
   * The same page, telling the window it was opened from, or leaving for the return address.
   *
   * @param reason null where it is connected
   */
  Notice leaving(Notice notice, ConnectionKey key, @Nullable Reason reason, Asker asker) {
    String status = reason == null ? "connected" : "failed";
    Optional<Notice.Action.Return> back = asker.returnTo().map(to -> to.with(status, key));
    if (asker.opener().isEmpty()) {
      return back.map(notice::with).orElse(notice);
    }
    boolean closes = reason == null || reason.code().equals(Reason.DECLINED);
    return notices
        .inWindow(notice, closes)
        .with(
            new Notice.Action.Tell(
                asker.opener().get(), status, key.toString(), closes, back.orElse(null)));
  }

  private Answer pageUnavailable() {
    return pages.notice(notices.statusUnavailable());
  }

  private Answer json(Asked asked) {
    return switch (codes.progress(asked.key(), asked.authorization())) {
      case Progress.Pending() -> Answer.json("{\"state\":\"pending\"}");
      case Progress.Connected() -> Answer.json("{\"state\":\"connected\"}");
      case Progress.Failed(Reason reason) ->
          Answer.json("{\"state\":\"failed\",\"reason\":\"" + code(reason) + "\"}");
    };
  }

  private Answer jsonUnavailable() {
    return Answer.empty(503);
  }

  /** A code of our vocabulary needs no escaping; anything else is not passed on. */
  static String code(Reason reason) {
    return REASON_CODE.matcher(reason.code()).matches() ? reason.code() : "unknown";
  }

  private String address(String what, ConnectionKey key, String authorization) {
    return settings.path("/callback/" + key.integration() + "/" + what)
        + "?authorization="
        + encoded(authorization)
        + "&connection="
        + encoded(key.connection());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
