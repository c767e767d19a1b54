package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.app.config.PerennialConfig;
import dev.perennial.devstack.provider.Ledger;
import dev.perennial.domain.Sealer;
import dev.perennial.prove.guarantee.Disturbance;
import dev.perennial.prove.guarantee.Evidence;
import dev.perennial.prove.guarantee.Guarantee;
import dev.perennial.prove.guarantee.Guarantees;
import dev.perennial.prove.guarantee.Timing;
import dev.perennial.prove.guarantee.Verdict;
import dev.perennial.prove.witness.LedgerWitness;
import dev.perennial.prove.witness.NoLedger;
import dev.perennial.prove.witness.ProviderWitness;
import dev.perennial.prove.witness.RedisWitness;
import dev.perennial.prove.witness.TopicWitness;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What holds at the end of every test, unless it is waived by name and with a reason. */
final class Verification {
  private final Map<Class<? extends Guarantee>, String> waived = new HashMap<>();
  private final List<Disturbance> disturbances = new ArrayList<>();
  private @Nullable Ledger ledger;

  /** The provider's ledger is asked too. */
  void judgedBy(Ledger wanted) {
    ledger = wanted;
  }

  void waive(Class<? extends Guarantee> guarantee, String reason) {
    waived.put(guarantee, reason);
  }

  void disturbed(Disturbance disturbance) {
    disturbances.add(disturbance);
  }

  /** Once nothing of the installation runs any more. */
  void verify(PerennialConfig config, Sealer sealer, Instant began, Instant until) {
    ProviderWitness provider = ledger == null ? new NoLedger() : new LedgerWitness(ledger);
    Evidence.Builder evidence =
        Evidence.of(timing(config))
            .between(began, until)
            .disturbances(disturbances)
            .uses(provider.uses())
            .overlaps(provider.overlaps())
            .secrets(provider.secrets());
    new TopicWitness(
            config.kafka().bootstrapServers(), config.topics().prefix(), config.shards(), sealer)
        .testify(evidence, provider::nameOf);
    new RedisWitness(config.redis().uri().reveal(), config.redis().prefix(), sealer)
        .testify(evidence, provider);
    List<Verdict> verdicts = Guarantees.check(evidence.build(), waived);
    assertThat(verdicts)
        .allSatisfy(verdict -> assertThat(verdict.violations()).as(verdict.guarantee()).isEmpty());
  }

  private static Timing timing(PerennialConfig config) {
    PerennialConfig.Refresh refresh = config.refresh();
    return new Timing(
        refresh.deadline(),
        refresh.lease(),
        refresh.reemit(),
        refresh.delivery(),
        config.kafka().sessionTimeout());
  }
}
