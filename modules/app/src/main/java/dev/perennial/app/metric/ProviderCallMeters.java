package dev.perennial.app.metric;

import static dev.perennial.app.metric.Metric.PROVIDER_CALL;
import static dev.perennial.app.metric.Metric.PROVIDER_CALL_FAILURES;

import dev.perennial.domain.Secret;
import dev.perennial.domain.definition.ConnectionContext;
import dev.perennial.domain.definition.FlowValues;
import dev.perennial.domain.definition.Integration;
import dev.perennial.domain.definition.Integrations;
import dev.perennial.domain.definition.ProviderCalls;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls to providers that are measured, where a definition has them. Thread-safe. */
public final class ProviderCallMeters implements ProviderCalls {
  private final ProviderCalls calls;
  private final LongSupplier nanoTime;
  private final IntegrationLabels<Handles> handles;

  private record Handles(Call discover, Call prepare, Call revoke) {}

  private record Call(DistributionSummary time, Counter failures) {
    static Call of(Meters meters, String integration, String call) {
      return new Call(
          meters.histogram(PROVIDER_CALL, integration, call),
          meters.counter(PROVIDER_CALL_FAILURES, integration, call));
    }
  }

  public ProviderCallMeters(
      ProviderCalls calls, Meters meters, Integrations integrations, LongSupplier nanoTime) {
    this.calls = calls;
    this.nanoTime = nanoTime;
    this.handles =
        new IntegrationLabels<>(
            integrations,
            slug ->
                new Handles(
                    Call.of(meters, slug, "discover"),
                    Call.of(meters, slug, "prepare"),
                    Call.of(meters, slug, "revoke")));
  }

  @Override
  public ConnectionContext discover(Integration integration, FlowValues values) {
    return integration.discoveryUrl(values).isEmpty()
        ? calls.discover(integration, values)
        : measured(of(integration).discover(), () -> calls.discover(integration, values));
  }

  @Override
  public Map<String, @Nullable Object> prepare(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    return measured(of(integration).prepare(), () -> calls.prepare(integration, values, dpopKey));
  }

  @Override
  public Optional<String> revoke(
      Integration integration, FlowValues values, @Nullable Secret dpopKey) {
    if (!integration.revokes()) {
      return calls.revoke(integration, values, dpopKey);
    }
    Call call = of(integration).revoke();
    Optional<String> why = measured(call, () -> calls.revoke(integration, values, dpopKey));
    why.ifPresent(_ -> call.failures().increment());
    return why;
  }

  @Override
  public Secret newDpopKey() {
    return calls.newDpopKey();
  }

  private Handles of(Integration integration) {
    return handles.of(integration.slug());
  }

  private <T> T measured(Call call, Supplier<T> work) {
    long began = nanoTime.getAsLong();
    try {
      return work.get();
    } catch (RuntimeException e) {
      call.failures().increment();
      throw e;
    } finally {
      call.time().record((nanoTime.getAsLong() - began) / 1e9);
    }
  }
}
