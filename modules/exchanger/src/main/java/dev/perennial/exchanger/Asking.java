package dev.perennial.exchanger;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.credential.TokenOutcome;
import dev.perennial.domain.credential.TokenResponse;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.ExchangeListener.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one connection's questions to its provider: renders, sends, reads. Where the provider does
 * not know the client by one secret, the next one is tried within the same deadline, since nothing
 * was spent. Not thread-safe.
 */
final class Asking {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
  private static final Duration BETWEEN = Duration.ofMillis(250);

  /**
   * How to ask.
   *
   * @param tries at most
   * @param again which failures are worth another try
   * @param stillAllowed asked right before the first byte is written
   */
  record Way(
      Deadline deadline,
      TokenEndpoint.Connection connection,
      int tries,
      Predicate<TokenOutcome> again,
      BooleanSupplier stillAllowed) {

    /** Once. */
    static Way once(
        Deadline deadline, TokenEndpoint.Connection connection, BooleanSupplier stillAllowed) {
      return new Way(deadline, connection, 1, _ -> false, stillAllowed);
    }
  }

  /**
   * What came back.
   *
   * @param sentAt on the store's clock
   */
  record Asked(Answer answer, Instant sentAt) {}

  private final Tools tools;
  private final Work work;
  private final ConnectionKey key;
  private final Integration integration;
  private final StoreClock clock;

  Asking(Tools tools, Work work, ConnectionKey key, Integration integration, Instant begunAt) {
    this.tools = tools;
    this.work = work;
    this.key = key;
    this.integration = integration;
    this.clock = new StoreClock(begunAt, tools.timing().nanoTime());
  }

  Integration integration() {
    return integration;
  }

  Instant now() {
    return clock.now();
  }

  boolean pause(Deadline deadline, Duration wait) {
    return deadline.remaining().compareTo(wait) > 0 && tools.insistence().pause(wait);
  }

  /**
   * The values with what the authorization server says of itself, if the definition reads that.
   *
   * @throws ProviderCalls.CallFailedException where it cannot be had
   */
  FlowValues discovered(FlowValues values) {
    return values.in(tools.ports().calls().discover(integration, values));
  }

  /** What to read of a connection in a request without a code. */
  FlowValues refreshing(ConnectionContext context) {
    String redirectUrl = tools.ports().redirectUrl().apply(key.integration());
    return FlowValues.forRefresh(redirectUrl, Map.of()).in(context);
  }

  /** With the key that the connection proves to have, where it must. */
  Kept withDpopKey(Kept kept) {
    return integration.dpop() && kept.ours().dpopKey() == null
        ? kept.with(kept.ours().withDpopKey(tools.ports().calls().newDpopKey()))
        : kept;
  }

  /**
   * @throws dev.perennial.domain.definition.RenderingException as the rendering does
   */
  Asked ask(
      FlowValues values,
      Function<FlowValues, TokenRequest> rendering,
      Expected expected,
      @Nullable Secret dpopKey,
      Way way) {
    for (int tried = 1; ; tried++) {
      Asked asked = eachSecret(values, rendering, expected, dpopKey, way);
      boolean again =
          tried < way.tries()
              && asked.answer() instanceof Answer.Bad bad
              && way.again().test(bad.outcome());
      if (!again || !pause(way.deadline(), BETWEEN.multipliedBy(tried))) {
        return asked;
      }
    }
  }

  private Asked eachSecret(
      FlowValues values,
      Function<FlowValues, TokenRequest> rendering,
      Expected expected,
      @Nullable Secret dpopKey,
      Way way) {
    int[] choices = tools.providers().secretChoices(integration);
    for (int i = 0; ; i++) {
      ConnectionContext context = values.context().withSecretChoice(choices[i]);
      TokenRequest request = rendering.apply(values.in(context));
      Instant sentAt = clock.now();
      long began = tools.timing().nanoTime().getAsLong();
      Exchange exchange =
          tools
              .endpoint()
              .send(request, way.deadline(), way.connection(), dpopKey, way.stillAllowed());
      Answer answer =
          AnswerReader.read(request, exchange, expected, tools.timing().wallClock().instant());
      tell(answer, tools.timing().nanoTime().getAsLong() - began);
      boolean refused = answer instanceof Answer.Bad bad && bad.clientRefused();
      if (!refused || i == choices.length - 1) {
        if (answer instanceof Answer.Good) {
          tools.providers().taken(integration, choices[i]);
        }
        return new Asked(answer, sentAt);
      }
      LOG.warn("{}: the provider does not take this value of a secret, trying the next", key);
    }
  }

  private void tell(Answer answer, long nanos) {
    String result =
        switch (answer) {
          case Answer.Good _ -> "granted";
          case Answer.Bad bad -> Outcome.of(bad.outcome()).text();
        };
    tools.ports().listener().asked(work, key, result, Duration.ofNanos(nanos));
  }

  /** Tokens that nobody will ever use: the provider is told, if it can be. */
  void orphaned(Kept kept) {
    if (!integration.revokes()) {
      return;
    }
    Revocation revocation =
        new Revocation(tools.ports().calls(), tools.payloads(), tools.ports().redirectUrl());
    String result =
        revocation
            .tell(integration, kept)
            .map(reason -> "could not be revoked: " + reason)
            .orElse("are revoked");
    LOG.warn("{}: tokens that nobody will use {}", key, result);
  }

  /** Whether something was granted at all. */
  static boolean holdsTokens(Kept kept) {
    return new TokenResponse(kept.values()).accessToken().isPresent()
        || kept.refreshToken().isPresent();
  }
}
