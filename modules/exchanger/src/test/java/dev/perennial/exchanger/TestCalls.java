package dev.perennial.exchanger;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The calls beside token requests, without a network. */
final class TestCalls implements ProviderCalls {
  static final Secret DPOP_KEY = key();

  /** The refresh tokens of grants that were revoked. */
  final List<String> revoked = new CopyOnWriteArrayList<>();

  /** Whether there is no metadata to be had. */
  boolean undiscoverable;

  @Override
  public ConnectionContext discover(Integration integration, FlowValues values) {
    if (undiscoverable) {
      throw new CallFailedException("no metadata");
    }
    return values.context();
  }

  @Override
  public Map<String, @Nullable Object> prepare(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    throw new UnsupportedOperationException("not the handlers'");
  }

  @Override
  public Optional<String> revoke(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    revoked.add(String.valueOf(values.oauth().get("refresh_token")));
    return Optional.empty();
  }

  @Override
  public Secret newDpopKey() {
    return DPOP_KEY;
  }

  private static Secret key() {
    try {
      return Secret.of(new ECKeyGenerator(Curve.P_256).generate().toJSONString());
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }
}
