package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.provider.Fault;
import dev.perennial.devstack.provider.ProviderProfile;
import dev.perennial.devstack.provider.ProviderSimulator;
import dev.perennial.devstack.provider.Rotation;
import dev.perennial.devstack.provider.SimulatedProvider;
import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.CredentialState;
import dev.perennial.domain.credential.Status;
import dev.perennial.domain.event.Event;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a provider that rotates, revokes on replay and keeps a ledger of every use. */
@Timeout(30)
class SimulatedProviderTest {
  private static final Pattern CODE = Pattern.compile("[?&]code=([^&]+)");

  private final ProviderSimulator simulator =
      ProviderSimulator.start(ProviderProfile.named("sim").rotation(Rotation.SINGLE_USE).build());
  private final SimulatedProvider provider = simulator.provider("sim");
  private final World world = new World(Duration.ofMillis(300), 64);

  @AfterEach
  void close() {
    world.close();
    simulator.close();
  }

  @Test
  void aGrantLivesThroughEveryWayAnAttemptCanEndWithoutSpendingATokenTwice() throws Exception {
    world.integration("sim", provider.tokenUri());
    ConnectionKey key = connect("acme");
    List<Fault> harmless =
        List.of(
            Fault.status(503),
            Fault.tooManyRequests(Duration.ofSeconds(9)),
            Fault.HANG,
            Fault.RESET_BEFORE_PROCESSING,
            Fault.error(400, "invalid_request"),
            Fault.error(401, "invalid_client"),
            Fault.OK_FALSE,
            Fault.redirect("https://elsewhere.invalid/"));

    for (Fault fault : harmless) {
      provider.failNext(1, fault);
      refresh(key);
      refresh(key);
    }

    assertThat(world.store.row(key).status).isEqualTo(Status.ACTIVE);
    assertThat(world.store.row(key).tokenGen).isEqualTo(1 + harmless.size());
    assertThat(simulator.ledger().spentTwice()).isEmpty();
    assertThat(simulator.ledger().refreshesGranted("sim")).isEqualTo(harmless.size());
    assertThat(world.states())
        .extracting(CredentialState::version)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void anAnswerThatLeftWholeAndCannotBeReadIsNeverFollowedByAReplay() throws Exception {
    world.integration("sim", provider.tokenUri());
    for (Fault fault : List.of(Fault.TRUNCATED_JSON, Fault.OVERSIZE)) {
      ConnectionKey key = connect(fault.getClass().getSimpleName());
      provider.failNext(1, fault);

      refresh(key);
      refresh(key);

      assertThat(world.store.row(key).unreadable).isNotNull();
    }
    assertThat(simulator.ledger().spentTwice()).isEmpty();
  }

  @Test
  void eventsThatComeTwiceAtOnceSpendTheTokenOnce() throws Exception {
    world.integration("sim", provider.tokenUri());
    ConnectionKey key = connect("acme");
    provider.delay(Duration.ofMillis(50));
    var due = world.due(key);

    List<Thread> runs =
        List.of(1, 2, 3, 4).stream()
            .map(_ -> Thread.startVirtualThread(() -> world.refreshes.handle(due)))
            .toList();
    for (Thread run : runs) {
      run.join();
    }

    assertThat(simulator.ledger().refreshesGranted("sim")).isEqualTo(1);
    assertThat(simulator.ledger().spentTwice()).isEmpty();
    assertThat(simulator.ledger().maxConcurrentPerFamily()).isEqualTo(1);
  }

  @Test
  void noCodeIsSentTwiceWhateverHappens() throws Exception {
    world.integration("sim", provider.tokenUri());
    List<Fault> faults =
        List.of(
            Fault.HANG_AFTER_PROCESSING,
            Fault.RESET_AFTER_PROCESSING,
            Fault.RESET_BEFORE_PROCESSING,
            Fault.status(500),
            Fault.NON_JSON,
            Fault.BAD_VERIFICATION_CODE);
    for (Fault fault : faults) {
      provider.failNext(1, fault);
      ConnectionKey key = new ConnectionKey("sim", "c" + faults.indexOf(fault));
      Event.CodeReceived event = world.code(key, consent(), Map.of());

      world.codeHandler.handle(event);
      world.codeHandler.handle(event);
    }

    assertThat(simulator.ledger().codesUsedTwice()).isEmpty();
    assertThat(world.failures()).hasSize(faults.size());
  }

  private void refresh(ConnectionKey key) {
    world.now = world.now.plusSeconds(3600);
    world.refreshes.handle(world.due(key));
  }

  private ConnectionKey connect(String id) throws IOException {
    ConnectionKey key = new ConnectionKey("sim", id);
    world.codeHandler.handle(world.code(key, consent(), Map.of()));
    assertThat(world.store.row(key).status).isEqualTo(Status.ACTIVE);
    return key;
  }

  /** What a browser would do: the code of a consent given by itself. */
  private String consent() throws IOException {
    URI uri =
        URI.create(
            provider.authorizeUri()
                + "?response_type=code&client_id=sim-client&redirect_uri="
                + "https%3A%2F%2Fapp.test%2Fcallback%2Fsim");
    HttpURLConnection browser = (HttpURLConnection) uri.toURL().openConnection();
    browser.setInstanceFollowRedirects(false);
    Matcher code = CODE.matcher(String.valueOf(browser.getHeaderField("Location")));
    assertThat(code.find()).isTrue();
    return String.valueOf(code.group(1));
  }
}
