package dev.perennial.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.app.role.Node;
import dev.perennial.app.role.Role;
import dev.perennial.app.role.StartProblems;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.Sealer;
import dev.perennial.domain.credential.Change;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.credential.Status;
import dev.perennial.prove.guarantee.NoGrantSilentlyLost;
import dev.perennial.sealing.KeyRing;
import dev.perennial.sealing.LiveKeyRing;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A ring that opens nothing: refused before anything is tried, then restored or given up. */
@ExtendWith(ServersExtension.class)
class LostKeysTest {
  private static final ConnectionKey KEY = ConnectionKey.parse("strict/acme");
  private static final Set<Role> ALL = EnumSet.allOf(Role.class);

  private final KeyRing other = KeyRing.ofNewKey();
  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          ProviderProfile.named("strict")
              .client("strict-client", "strict-secret-4d1e")
              .accessTokenLife(Duration.ofMinutes(2))
              .build());

  @AfterEach
  void close() {
    simulator.close();
  }

  /** Opens what either of two rings opens. */
  private record Either(KeyRing one, KeyRing other) implements Sealer {
    @Override
    public Sealed seal(ConnectionKey key, Purpose purpose, byte[] plain) {
      throw new IllegalStateException("reads only");
    }

    @Override
    public byte[] open(ConnectionKey key, Purpose purpose, Sealed sealed) {
      return (one.knows(sealed) ? one : other).open(key, purpose, sealed);
    }
  }

  @Test
  void aRingThatOpensNothingIsRefusedAndTheLossCanBeAccepted(Servers servers) {
    try (Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .flag("refresh.share", "0.05") // every six seconds
                .waive(NoGrantSilentlyLost.class, "the key is lost, and said to be")
                .definition("strict", Definitions.of(simulator.provider("strict")))
                .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
                .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
                .build();
        Browser browser = new Browser()) {
      installed.judgeWith(new Either(installed.ring().current(), other));
      Node first = installed.node(ALL);
      browser.open(installed.connectLink(first.adminPort(), KEY));
      installed.witness().await(KEY, Change.REFRESHED, 1);

      assertThatThrownBy(() -> start(installed, EnumSet.of(Role.EXCHANGER)))
          .isInstanceOf(StartProblems.class)
          .hasMessageContaining("seals with key " + installed.ring().current().primaryKeyId());
      first.close();
      CredentialState before = installed.witness().states(KEY).getLast();
      assertThatThrownBy(() -> start(installed, EnumSet.of(Role.EXCHANGER)))
          .isInstanceOf(StartProblems.class)
          .hasMessageContaining("1 of 1 connections cannot be opened")
          .hasMessageContaining("perennial keys lost");
      assertThat(installed.witness().states(KEY).getLast()).isEqualTo(before);

      giveUp(installed);
      CredentialState lost =
          installed
              .witness()
              .await(KEY, state -> state.status() == Status.REAUTHORIZATION_REQUIRED)
              .state();
      assertThat(Objects.requireNonNull(lost.reason()).code()).isEqualTo(Reason.KEY_LOST);

      Node again = start(installed, ALL);
      Await.until("the node is ready", again::ready);
      browser.open(installed.connectLink(again.adminPort(), KEY));
      installed.witness().await(KEY, state -> state.grant() > lost.grant());
      installed.over();
    }
  }

  @Test
  void theRingFromABackupGoesOnWhereItWas(Servers servers) {
    try (Installed installed =
            Installed.on(servers)
                .judgedBy(simulator)
                .flag("refresh.share", "0.05") // every six seconds
                .definition("strict", Definitions.of(simulator.provider("strict")))
                .variable("PERENNIAL_STRICT_CLIENT_ID", "strict-client")
                .variable("PERENNIAL_STRICT_CLIENT_SECRET", "strict-secret-4d1e")
                .build();
        Browser browser = new Browser()) {
      Node first = installed.node(ALL);
      browser.open(installed.connectLink(first.adminPort(), KEY));
      installed.witness().await(KEY, Change.REFRESHED, 1);
      first.close();
      assertThatThrownBy(() -> start(installed, EnumSet.of(Role.EXCHANGER)))
          .isInstanceOf(StartProblems.class);
      installed.node(ALL);
      installed.witness().await(KEY, Change.REFRESHED, 2);
    }
  }

  private Node start(Installed installed, Set<Role> roles) {
    return installed.node(roles, LiveKeyRing.fixed(other));
  }

  private void giveUp(Installed installed) {
    Commands commands = new Commands(installed).set("keys.keyset", other.text());
    assertThat(commands.run("keys", "lost").output())
        .contains("lost: connections=1 given_up=0", "nothing has changed");
    Commands.Ended ended = commands.run("keys", "lost", "--yes");
    assertThat(ended.output()).contains("lost: connections=1 given_up=1");
    assertThat(ended.exitCode()).isZero();
  }
}
