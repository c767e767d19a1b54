package dev.perennial.ingress;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.ProviderCalls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a provider says before a consent, as a test wants it. */
final class FakeProvider implements ProviderCalls {
  volatile Map<String, Object> metadata = Map.of();
  volatile Map<String, ? extends @Nullable Object> prepared = Map.of();
  volatile boolean down;

  /** What was asked, in order. */
  final List<FlowValues> asked = new ArrayList<>();

  @Override
  public ConnectionContext discover(Integration integration, FlowValues values) {
    answer(integration);
    return values.context().withDiscovery(metadata);
  }

  @Override
  public Map<String, @Nullable Object> prepare(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    answer(integration);
    asked.add(values);
    return new LinkedHashMap<>(prepared);
  }

  @Override
  public Optional<String> revoke(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    throw new AssertionError("ingress revokes nothing");
  }

  @Override
  public Secret newDpopKey() {
    return Secret.of("{\"kty\":\"EC\"}");
  }

  private void answer(Integration integration) {
    if (down) {
      throw new CallFailedException(integration.slug() + ": HTTP 500");
    }
  }
}
