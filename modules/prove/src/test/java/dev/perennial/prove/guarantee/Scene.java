package dev.perennial.prove.guarantee;

import dev.perennial.devstack.provider.Delivery;
import dev.perennial.devstack.provider.Use;
import dev.perennial.devstack.provider.Use.Kind;
import dev.perennial.devstack.provider.Use.Outcome;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.GrantEnd;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Evidence made by hand: seconds are counted from the begin of an imagined run. */
final class Scene {
  static final ConnectionKey KEY = ConnectionKey.parse("strict/acme");
  static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
  static final Timing TIMING =
      new Timing(
          Duration.ofSeconds(3),
          Duration.ofSeconds(8),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(6));

  private Scene() {}

  static Evidence.Builder evidence() {
    return Evidence.of(TIMING).between(BEGIN, at(100)).promise("strict", Promise.STRICT);
  }

  static Instant at(double seconds) {
    return BEGIN.plusMillis((long) (seconds * 1000));
  }

  /** A granted refresh whose answer arrived. */
  static Use granted(String token, String issued, String worker, double seconds) {
    return use(token, issued, worker, seconds, Outcome.GRANTED, Delivery.WHOLE);
  }

  /** A granted refresh whose answer got lost. */
  static Use cut(String token, String issued, String worker, double seconds) {
    return use(token, issued, worker, seconds, Outcome.GRANTED, Delivery.CUT);
  }

  static Use refused(String token, String worker, double seconds) {
    return use(token, "", worker, seconds, Outcome.REFUSED, Delivery.WHOLE);
  }

  private static Use use(
      String token,
      String issued,
      String worker,
      double seconds,
      Outcome outcome,
      Delivery delivery) {
    boolean whole = delivery == Delivery.WHOLE;
    return new Use(
        (long) (seconds * 1000),
        "strict",
        Kind.REFRESH_TOKEN,
        token,
        "strict-1",
        "client",
        worker,
        at(seconds),
        0,
        outcome,
        "",
        delivery,
        whole ? at(seconds) : null,
        issued,
        outcome == Outcome.GRANTED,
        Instant.MIN);
  }

  static Use code(String token, double seconds) {
    return new Use(
        (long) (seconds * 1000),
        "strict",
        Kind.CODE,
        token,
        "strict-1",
        "client",
        "exchanger-1",
        at(seconds),
        0,
        Outcome.GRANTED,
        "",
        Delivery.WHOLE,
        at(seconds),
        "t1",
        true,
        Instant.MIN);
  }

  /** A record with a token that is good for 20 s and due after 15. */
  static Published record(long gen, long version, @Nullable String token, double seconds) {
    return published(gen, version, Status.ACTIVE, Change.REFRESHED, null, token, seconds);
  }

  /** A record that warns of the end of the grant, with the tokens of another one. */
  static Published warning(Published of, double seconds) {
    CredentialState state = of.state();
    return new Published(
        new CredentialState(
            state.key(),
            state.grant(),
            state.tokenGen(),
            state.version() + 1,
            state.status(),
            Change.EXPIRING,
            state.reason(),
            state.sealed(),
            state.issuedAt(),
            state.expiresAt(),
            state.nextRefreshAt(),
            state.tokenType(),
            state.scope(),
            at(seconds),
            new GrantEnd(at(86_000), false),
            Duration.ofDays(1)),
        of.refreshToken(),
        of.partition(),
        (long) (seconds * 10));
  }

  /** A record that gives the connection up. */
  static Published givenUp(long gen, long version, String token, Reason reason, double seconds) {
    return published(
        gen,
        version,
        Status.REAUTHORIZATION_REQUIRED,
        Change.REAUTHORIZATION_REQUIRED,
        reason,
        token,
        seconds);
  }

  private static Published published(
      long gen,
      long version,
      Status status,
      Change change,
      @Nullable Reason reason,
      @Nullable String token,
      double seconds) {
    CredentialState state =
        new CredentialState(
            KEY,
            1,
            gen,
            version,
            status,
            change,
            reason,
            Sealed.of(("sealed " + gen).getBytes(StandardCharsets.ISO_8859_1)),
            at(seconds),
            at(seconds + 20),
            at(seconds + 15),
            "Bearer",
            null,
            at(seconds));
    return new Published(state, token, 0, (long) (seconds * 10));
  }

  /** As Redis would have the record. */
  static Stored stored(Published record) {
    CredentialState state = record.state();
    return new Stored(
        state.grant(),
        state.tokenGen(),
        state.version(),
        state.version(),
        state.status().text(),
        "sealed " + state.tokenGen(),
        record.refreshToken(),
        null,
        null,
        null,
        null);
  }

  static Disturbance disturbance(Disturbance.Kind kind, String target, double from, double to) {
    return new Disturbance(kind, target, at(from), at(to));
  }
}
