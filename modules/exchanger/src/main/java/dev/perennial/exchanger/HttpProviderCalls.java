package dev.perennial.exchanger;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls;
import dev.perennial.domain.definition.TokenRequest;
import dev.perennial.exchanger.Exchange.Answered;
import dev.perennial.exchanger.TokenEndpoint.Connection;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls beside token requests, over the same guarded HTTP: each within the deadline of an attempt,
 * on a connection of its own, sent once, no redirect followed. Metadata are kept in memory for an
 * hour. Blocks; meant for virtual threads. Thread-safe.
 */
public final class HttpProviderCalls implements ProviderCalls {
  /** Bytes of metadata. */
  static final int LONGEST_METADATA = 256 << 10;

  private final TokenEndpoint endpoint;
  private final ExchangerTiming timing;
  private final Discovery discovery;

  /**
   * @param endpoint stays the caller's to close
   */
  public HttpProviderCalls(TokenEndpoint endpoint, ExchangerTiming timing) {
    this.endpoint = endpoint;
    this.timing = timing;
    this.discovery = new Discovery(this::metadata, timing.times().deadline(), timing.nanoTime());
  }

  @Override
  public ConnectionContext discover(Integration integration, FlowValues values) {
    Optional<URI> url = integration.discoveryUrl(values);
    if (url.isEmpty()) {
      return values.context();
    }
    try {
      return values.context().withDiscovery(discovery.get(url.get()));
    } catch (CallFailedException e) {
      throw new CallFailedException(integration.slug() + ": discovery: " + e.getMessage());
    }
  }

  private Map<String, @Nullable Object> metadata(URI url) {
    TokenRequest request =
        new TokenRequest(
            "GET",
            url,
            List.of(new TokenRequest.Header("Accept", "application/json")),
            null,
            Set.of());
    Exchange exchange = send(request, null);
    if (!(exchange instanceof Answered answered) || answered.status() != 200) {
      throw new CallFailedException(JsonAnswer.describe(exchange));
    }
    if (answered.body().length > LONGEST_METADATA) {
      throw new CallFailedException("HTTP 200, metadata too long");
    }
    Map<String, @Nullable Object> metadata =
        JsonAnswer.read(answered)
            .orElseThrow(() -> new CallFailedException("HTTP 200, no JSON object"));
    if (!sameOrigin(url, metadata.get("issuer"))) {
      throw new CallFailedException("HTTP 200, the issuer is not of the URL's origin");
    }
    return Collections.unmodifiableMap(metadata);
  }

  /**
   * RFC 8414 section 3.3, and no stricter: where several issuers share their metadata, what stands
   * behind the origin is a pattern.
   */
  private static boolean sameOrigin(URI url, @Nullable Object issuer) {
    Optional<Origin> ours = Origin.of(url);
    return ours.isPresent() && issuer instanceof String text && ours.equals(Origin.of(text));
  }

  @Override
  public Map<String, @Nullable Object> prepare(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    TokenRequest request = integration.prepareRequest(values);
    Exchange exchange = send(request, dpopKey);
    if (!(exchange instanceof Answered answered) || !request.accepts(answered.status())) {
      throw unprepared(integration, JsonAnswer.describe(exchange));
    }
    Map<String, @Nullable Object> answer =
        JsonAnswer.read(answered)
            .orElseThrow(
                () -> unprepared(integration, "HTTP " + answered.status() + ", no JSON object"));
    if (answer.get("error") != null) { // some say it with a 200
      throw unprepared(integration, JsonAnswer.describe(exchange));
    }
    return answer;
  }

  private static CallFailedException unprepared(Integration integration, String why) {
    return new CallFailedException(integration.slug() + ": prepare: " + why);
  }

  @Override
  public Optional<String> revoke(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    if (!integration.revokes()) {
      return Optional.empty();
    }
    TokenRequest request = integration.revokeRequest(values);
    Exchange exchange = send(request, dpopKey);
    return exchange instanceof Answered answered
            && (answered.status() / 100 == 2 || request.accepts(answered.status()))
        ? Optional.empty()
        : Optional.of(JsonAnswer.describe(exchange));
  }

  private Exchange send(TokenRequest request, @Nullable Secret dpopKey) {
    return endpoint.send(request, timing.deadline(), Connection.FRESH, dpopKey, () -> true);
  }

  @Override
  public Secret newDpopKey() {
    return endpoint.newDpopKey();
  }
}
