package dev.perennial.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Secret;
import dev.perennial.domain.authorization.AuthorizationCode;
import dev.perennial.domain.authorization.CodeRecords.Progress;
import dev.perennial.domain.authorization.PendingAuthorization;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event;
import dev.perennial.ingress.Browser.Shown;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallbackTest {
  private static final ConnectionKey ACME = new ConnectionKey("google", "acme");

  private final Ingress ingress =
      new Ingress(
          Ingress.OPEN,
          TestIntegration.plain("google"),
          TestIntegration.plain("github").withPkce(),
          TestIntegration.plain("entra").withoutAnyCode(),
          TestIntegration.plain("strict").keepingNothing());
  private final Browser browser = new Browser(ingress);

  @AfterEach
  void stop() {
    ingress.close();
  }

  private String begin() {
    return browser.begin("/connect/google?connection=acme");
  }

  private static String callback(String state, String rest) {
    return "/callback/google?state=" + state + rest;
  }

  private AuthorizationCode sent() {
    return ingress.open(ingress.publisher.only(Event.CodeReceived.class).sealed());
  }

  private void nothingWasSaid() {
    assertThat(ingress.publisher.events).isEmpty();
  }

  private void theStateIsStillGood(String state) {
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(303);
  }

  @Test
  void saysCodeReceivedAndLeavesTheAddressWithTheCode() {
    String state = begin();
    PendingAuthorization pending = ingress.pending.of(state);
    Shown shown = browser.get(callback(state, "&code=c-1"));

    assertThat(shown.status()).isEqualTo(303);
    assertThat(shown.header("Location"))
        .isEqualTo("/callback/google/done?authorization=" + pending.id() + "&connection=acme");
    Event.CodeReceived event = ingress.publisher.only(Event.CodeReceived.class);
    assertThat(event.key()).isEqualTo(ACME);
    assertThat(event.authorization()).isEqualTo(pending.id());
    assertThat(event.grant()).isEqualTo(1001);
    assertThat(event.at()).isEqualTo(ingress.clock.instant());
    assertThat(sent().code()).isEqualTo(Secret.of("c-1"));
    assertThat(sent().codeVerifier()).isNull();
  }

  @Test
  void sendsTheCodeVerifierAlong() {
    String state = browser.begin("/connect/github");
    browser.get("/callback/github?state=" + state + "&code=c-1");

    assertThat(sent().codeVerifier())
        .isNotNull()
        .isEqualTo(ingress.pending.of(state).codeVerifier());
  }

  @Test
  void keepsTheOtherParametersOfTheCallback() {
    browser.get(
        callback(
            begin(),
            "&code=c-1&realmId=42&location=us%20east&iss=https%3A%2F%2Fprovider.example&scope=a+b"));

    assertThat(sent().redirectParameters())
        .containsOnly(
            java.util.Map.entry("realmId", "42"),
            java.util.Map.entry("location", "us east"),
            java.util.Map.entry("scope", "a b"));
  }

  @Test
  void keepsNoParametersWhereTheDefinitionSaysSo() {
    String state = browser.begin("/connect/strict");
    browser.get("/callback/strict?state=" + state + "&code=c-1&realmId=42");

    assertThat(sent().redirectParameters()).isEmpty();
  }

  @Test
  void needsNoCodeWhereTheDefinitionIsWithoutCode() {
    String state = browser.begin("/connect/entra");
    Shown shown = browser.get("/callback/entra?state=" + state + "&admin_consent=True&tenant=t-1");

    assertThat(shown.status()).isEqualTo(303);
    assertThat(sent().code()).isNull();
    assertThat(sent().redirectParameters())
        .containsEntry("tenant", "t-1")
        .containsEntry("admin_consent", "True");
  }

  @Test
  void takesSeveralConsentsOfOneBrowserInAnyOrder() {
    String first = browser.begin("/connect/google?connection=one");
    String second = browser.begin("/connect/google?connection=two");

    assertThat(browser.get(callback(second, "&code=c-2")).status()).isEqualTo(303);
    assertThat(browser.get(callback(first, "&code=c-1")).status()).isEqualTo(303);
    assertThat(ingress.publisher.events)
        .extracting(event -> event.key().connection())
        .containsExactly("two", "one");
  }

  @Test
  void aDeclinedConsentIsSaidAndSettled() {
    String state = begin();
    PendingAuthorization pending = ingress.pending.of(state);
    Shown shown = browser.get(callback(state, "&error=access_denied"));

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text()).contains("You declined", "Start again");
    Reason reason = new Reason("declined", "access_denied");
    assertThat(ingress.publisher.only(Event.AuthorizationFailed.class))
        .isEqualTo(
            new Event.AuthorizationFailed(ACME, pending.id(), reason, ingress.clock.instant()));
    assertThat(ingress.codes.progress(ACME, pending.id())).isEqualTo(new Progress.Failed(reason));
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(409);
  }

  @Test
  void anotherErrorOfTheProviderIsSaidWithItsReason() {
    Shown shown =
        browser.get(
            callback(begin(), "&error=invalid_scope&error_description=Scope+%3Cb%3Ex%3C%2Fb%3E"));

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text())
        .contains("The provider does not accept our request", "misconfigured (invalid_scope)")
        .contains("Scope &lt;b&gt;x&lt;/b&gt;");
    assertThat(ingress.publisher.only(Event.AuthorizationFailed.class).reason())
        .isEqualTo(new Reason("misconfigured", "invalid_scope"));
  }

  @Test
  void anErrorWinsOverACode() {
    browser.get(callback(begin(), "&code=c-1&error=server_error"));

    assertThat(ingress.publisher.only(Event.AuthorizationFailed.class).reason())
        .isEqualTo(new Reason("unavailable", "server_error"));
  }

  @Test
  void aMissingCodeHasItsOwnPage() {
    String state = begin();
    Shown shown = browser.get(callback(state, ""));

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("The answer has no code in it");
    assertThat(ingress.publisher.only(Event.AuthorizationFailed.class).reason())
        .isEqualTo(Reason.of("missing_code"));
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(409);
  }

  @Test
  void anEmptyCodeIsAMissingCode() {
    assertThat(browser.get(callback(begin(), "&code=")).text())
        .contains("The answer has no code in it");
  }

  @Test
  void aMissingStateHasItsOwnPage() {
    begin();
    Shown shown = browser.get("/callback/google?code=c-1");

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("This answer belongs to no consent");
    nothingWasSaid();
  }

  @Test
  void anUnknownStateHasItsOwnPage() {
    begin();
    for (String state : List.of("x", "A".repeat(43), "..%2F..%2F")) {
      Shown shown = browser.get(callback(state, "&code=c-1"));
      assertThat(shown.status()).isEqualTo(400);
      assertThat(shown.text()).contains("We do not know this consent");
    }
    nothingWasSaid();
  }

  @Test
  void anExpiredStateHasItsOwnPage() {
    String state = begin();
    ingress.clock.pass(Duration.ofMinutes(10));
    Shown shown = browser.get(callback(state, "&code=c-1"));

    assertThat(shown.status()).isEqualTo(410);
    assertThat(shown.text()).contains("This took too long", "10 minutes");
    nothingWasSaid();
  }

  @Test
  void aReplayedStateHasItsOwnPageWithTheWayToTheOutcome() {
    String state = begin();
    String id = ingress.pending.of(state).id();
    browser.get(callback(state, "&code=c-1"));
    Shown shown = browser.get(callback(state, "&code=c-1"));

    assertThat(shown.status()).isEqualTo(409);
    assertThat(shown.text())
        .contains("This link was already used")
        .contains("/callback/google/done?authorization=" + id + "&amp;connection=acme");
    assertThat(ingress.publisher.events).hasSize(1);
  }

  @Test
  void aStateOfAnotherIntegrationHasItsOwnPageAndStaysGood() {
    String state = begin();
    Shown shown = browser.get("/callback/github?state=" + state + "&code=c-1");

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("This answer came to the wrong place");
    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void anotherIntegrationLearnsNothingOfASpentState() {
    String state = begin();
    String id = ingress.pending.of(state).id();
    browser.get(callback(state, "&code=c-1"));
    Shown shown = browser.get("/callback/github?state=" + state + "&code=c-1");

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).doesNotContain(id);
  }

  @Test
  void anotherBrowserHasItsOwnPageAndTheStateStaysGood() {
    String state = begin();
    Browser other = new Browser(ingress);
    Shown without = other.get(callback(state, "&code=c-1"));
    other.begin("/connect/google");
    Shown withItsOwn = other.get(callback(state, "&code=c-1"));

    for (Shown shown : List.of(without, withItsOwn)) {
      assertThat(shown.status()).isEqualTo(403);
      assertThat(shown.text()).contains("This is not the browser it began in");
    }
    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void anotherBrowserCannotDeclineForTheUser() {
    String state = begin();
    new Browser(ingress).get(callback(state, "&error=access_denied"));

    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void anUnknownIntegrationHasItsOwnPage() {
    Shown shown = browser.get("/callback/gogle?state=" + begin() + "&code=c-1");

    assertThat(shown.status()).isEqualTo(404);
    assertThat(shown.text()).contains("not known here");
  }

  @Test
  void headNeverConsumes() {
    String state = begin();
    Shown shown = browser.head(callback(state, "&code=c-1"));

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.header("Referrer-Policy")).isEqualTo("no-referrer");
    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void aPrefetchNeverConsumes() {
    String state = begin();

    assertThat(browser.get(callback(state, "&code=c-1"), "Purpose", "prefetch").status())
        .isEqualTo(503);
    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void whileKafkaIsDownTheStateStaysGoodAndAReloadWorks() {
    String state = begin();
    ingress.publisher.down = true;
    Shown shown = browser.get(callback(state, "&code=c-1"));

    assertThat(shown.status()).isEqualTo(503);
    assertThat(shown.header("Retry-After")).isEqualTo("5");
    assertThat(shown.text())
        .contains("your consent is still good", "<a class=\"button\" href=\"\">Try again</a>")
        .doesNotContain("c-1", state);
    ingress.publisher.down = false;
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(303);
    assertThat(sent().code()).isEqualTo(Secret.of("c-1"));
  }

  @Test
  void whileKafkaIsDownADenialCanBeReloadedToo() {
    String state = begin();
    ingress.publisher.down = true;
    assertThat(browser.get(callback(state, "&error=access_denied")).status()).isEqualTo(503);
    assertThat(ingress.codes.progress(ACME, ingress.pending.of(state).id()))
        .isEqualTo(new Progress.Pending());
    ingress.publisher.down = false;

    assertThat(browser.get(callback(state, "&error=access_denied")).status()).isEqualTo(200);
    ingress.publisher.only(Event.AuthorizationFailed.class);
  }

  @Test
  void whileRedisIsDownAReloadWorks() {
    String state = begin();
    ingress.pending.down = true;
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(503);
    ingress.pending.down = false;

    theStateIsStillGood(state);
  }

  @Test
  void aShardThatIsHealedInAMomentIsWaitedFor() {
    String state = begin();
    ingress.pending.fenced.set(2);
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(303);
    assertThat(sent().code()).isEqualTo(Secret.of("c-1"));
  }

  @Test
  void whileAShardStaysUnhealedAReloadWorks() {
    String state = begin();
    ingress.pending.fenced.set(Integer.MAX_VALUE);
    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(503);
    nothingWasSaid();
    ingress.pending.fenced.set(0);
    theStateIsStillGood(state);
  }

  @Test
  void aCodeThatIsOnItsWayIsNotTakenBackBecauseTheStateCouldNotBeSpent() {
    String state = begin();
    ingress.pending.spendingDown = true;

    assertThat(browser.get(callback(state, "&code=c-1")).status()).isEqualTo(303);
    ingress.publisher.only(Event.CodeReceived.class);
  }

  @Test
  void aHoldThatNobodyEndedEndsByItself() {
    String state = begin();
    ingress.pending.hold(Secret.of(state), "a process that died", Duration.ofSeconds(90));
    Shown busy = browser.get(callback(state, "&code=c-1"));

    assertThat(busy.status()).isEqualTo(503);
    assertThat(busy.header("Retry-After")).isEqualTo("2");
    assertThat(busy.text()).contains("http-equiv=\"refresh\" content=\"2\"");
    ingress.clock.pass(Duration.ofSeconds(90));
    theStateIsStillGood(state);
  }

  @Test
  void aSecondCallbackWaitsWhileTheFirstIsPublished() throws Exception {
    String state = begin();
    ingress.publisher.gate = new CountDownLatch(1);
    CompletableFuture<Shown> first =
        CompletableFuture.supplyAsync(() -> browser.get(callback(state, "&code=c-1")));
    RecordingPublisher.await(ingress.publisher.reached);
    Shown second = browser.get(callback(state, "&code=c-1"));
    ingress.publisher.gate.countDown();

    assertThat(second.status()).isEqualTo(503);
    assertThat(second.text()).contains("One moment");
    assertThat(first.get(5, TimeUnit.SECONDS).status()).isEqualTo(303);
    ingress.publisher.only(Event.CodeReceived.class);
  }

  @Test
  void ofManyCallbacksAtOnceExactlyOneIsTaken() {
    String state = begin();
    List<CompletableFuture<Shown>> all =
        IntStream.range(0, 16)
            .mapToObj(
                _ -> CompletableFuture.supplyAsync(() -> browser.get(callback(state, "&code=c-1"))))
            .toList();
    List<Integer> statuses = all.stream().map(one -> one.join().status()).toList();

    assertThat(statuses).containsOnlyOnce(303);
    assertThat(statuses).allMatch(status -> List.of(303, 409, 503).contains(status));
    ingress.publisher.only(Event.CodeReceived.class);
  }

  @Test
  void aParameterThatComesTwiceIsRefused() {
    String state = begin();
    for (String rest :
        List.of("&code=c-1&code=c-2", "&code=c-1&state=" + state, "&error=a&error=b")) {
      Shown shown = browser.get(callback(state, rest));
      assertThat(shown.status()).isEqualTo(400);
      assertThat(shown.text()).contains("This answer is ambiguous");
    }
    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void aLongCodeFits() {
    String code = "c".repeat(15_000);
    browser.get(callback(begin(), "&code=" + code));

    assertThat(sent().code()).isEqualTo(Secret.of(code));
  }

  @Test
  void anOversizeQueryIsRefused() {
    String state = begin();
    Shown shown = browser.get(callback(state, "&code=" + "c".repeat(16 * 1024)));

    assertThat(shown.status()).isEqualTo(414);
    assertThat(shown.text()).contains("16 KiB");
    nothingWasSaid();
    theStateIsStillGood(state);
  }

  @Test
  void tooManyParametersAreRefused() {
    Shown shown = browser.get(callback(begin(), "&code=c-1" + "&a=b".repeat(63)));

    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.text()).contains("64 parameters");
    nothingWasSaid();
  }
}
