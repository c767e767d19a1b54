package dev.perennial.prove.guarantee;

import static dev.perennial.prove.guarantee.Scene.KEY;
import static dev.perennial.prove.guarantee.Scene.at;
import static dev.perennial.prove.guarantee.Scene.cut;
import static dev.perennial.prove.guarantee.Scene.disturbance;
import static dev.perennial.prove.guarantee.Scene.evidence;
import static dev.perennial.prove.guarantee.Scene.givenUp;
import static dev.perennial.prove.guarantee.Scene.granted;
import static dev.perennial.prove.guarantee.Scene.record;
import static dev.perennial.prove.guarantee.Scene.refused;
import static dev.perennial.prove.guarantee.Scene.stored;
import static dev.perennial.prove.guarantee.Scene.warning;
import static org.assertj.core.api.Assertions.assertThat;

import dev.perennial.devstack.provider.Overlap;
import dev.perennial.devstack.provider.Use;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.credential.Reason;
import dev.perennial.domain.event.Event.AuthorizationFailed;
import dev.perennial.domain.event.Event.CodeReceived;
import dev.perennial.prove.guarantee.Disturbance.Kind;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Each guarantee is seen to fail where it should, and to excuse what its rule excuses. */
class GuaranteesTest {
  private static final Use FIRST = granted("t1", "t2", "exchanger-1", 15);
  private static final Use AGAIN = refused("t1", "exchanger-2", 31);

  private static void violated(Guarantee guarantee, Evidence.Builder evidence, String words) {
    assertThat(guarantee.check(evidence.build()).violations())
        .singleElement()
        .asString()
        .contains(words);
  }

  private static Verdict held(Guarantee guarantee, Evidence.Builder evidence) {
    Verdict verdict = guarantee.check(evidence.build());
    assertThat(verdict.violations()).isEmpty();
    return verdict;
  }

  private static void excused(Guarantee guarantee, Evidence.Builder evidence) {
    assertThat(held(guarantee, evidence).excused()).isEqualTo(1);
  }

  @Nested
  class ForRefreshTokensSpentTwice {
    private final Guarantee guarantee = new NoRefreshTokenSpentTwice();

    @Test
    void aReplayAfterAWholeAnswerIsAViolation() {
      violated(
          guarantee,
          evidence().published(record(1, 1, "t1", 0)).uses(List.of(FIRST, AGAIN)),
          "strict/acme: t1 was sent by exchanger-2");
    }

    @Test
    void anAnswerThatNeverLeftWholeExcusesIt() {
      held(guarantee, evidence().uses(List.of(cut("t1", "t2", "exchanger-1", 15), AGAIN)));
    }

    @Test
    void theWorkerKilledBeforeItsCommitExcusesIt() {
      excused(
          guarantee,
          evidence()
              .uses(List.of(FIRST, AGAIN))
              .disturbances(List.of(disturbance(Kind.WORKER_KILLED, "exchanger-1", 15.1, 20))));
    }

    @Test
    void aKillAfterTheCommitDoesNot() {
      violated(
          guarantee,
          evidence()
              .published(record(1, 1, "t1", 0))
              .published(record(2, 2, "t2", 15.05))
              .uses(List.of(FIRST, AGAIN))
              .disturbances(List.of(disturbance(Kind.WORKER_KILLED, "exchanger-1", 15.1, 20))),
          "committed at");
    }

    @Test
    void aKillOfAnotherWorkerDoesNot() {
      violated(
          guarantee,
          evidence()
              .uses(List.of(FIRST, AGAIN))
              .disturbances(List.of(disturbance(Kind.WORKER_KILLED, "exchanger-2", 15.1, 20))),
          "never committed");
    }

    @Test
    void aStopThatLastedPastTheReplayExcusesIt() {
      excused(
          guarantee,
          evidence()
              .uses(List.of(FIRST, AGAIN))
              .disturbances(List.of(disturbance(Kind.WORKER_STOPPED, "exchanger-1", 14.9, 36))));
    }

    @Test
    void aStopThatWasOverBeforeTheReplayDoesNot() {
      violated(
          guarantee,
          evidence()
              .uses(List.of(FIRST, AGAIN))
              .disturbances(List.of(disturbance(Kind.WORKER_STOPPED, "exchanger-1", 14.9, 27))),
          "never committed");
    }

    @Test
    void aWayThatWasBadExcusesIt() {
      excused(
          guarantee,
          evidence()
              .uses(List.of(FIRST, AGAIN))
              .disturbances(List.of(disturbance(Kind.PROVIDER_LINK, "exchanger-1", 14, 16))));
    }
  }

  @Nested
  class ForCallsInFlight {
    private final Guarantee guarantee = new OneCallInFlightPerConnection();
    private final Overlap overlap = new Overlap(FIRST, granted("t1", "t3", "exchanger-2", 15.5));

    @Test
    void twoAtATimeAreAViolation() {
      violated(guarantee, evidence().overlaps(List.of(overlap)), "strict-1: exchanger-2 called");
    }

    @Test
    void aStoppedWorkerCannotCloseItsCall() {
      excused(
          guarantee,
          evidence()
              .overlaps(List.of(overlap))
              .disturbances(List.of(disturbance(Kind.WORKER_STOPPED, "exchanger-1", 15.2, 27))));
    }
  }

  @Nested
  class ForCodes {
    private final Guarantee guarantee = new EveryCodeSettled();
    private final CodeReceived code =
        new CodeReceived(KEY, "a1", 7, "run", at(1), Sealed.of(new byte[] {1}));

    @Test
    void aCodeWithoutAnEndIsAViolation() {
      violated(guarantee, evidence().code(code), "neither connected nor failed");
    }

    @Test
    void aPublishedFailureIsAnEnd() {
      held(
          guarantee,
          evidence()
              .code(code)
              .code(code)
              .failed(new AuthorizationFailed(KEY, "a1", Reason.of("refused"), at(2))));
    }

    @Test
    void aConsentThatABrowserWasToldOfMustBeOnTheTopic() {
      violated(guarantee, evidence().accepted(Map.of(KEY, 1)), "a browser was told");
    }

    @Test
    void aCodeSentTwiceIsAViolation() {
      violated(
          guarantee,
          evidence().uses(List.of(Scene.code("c1", 1), Scene.code("c1", 2))),
          "c1 was sent 2 times");
    }
  }

  @Nested
  class ForGrants {
    private final Guarantee guarantee = new NoGrantSilentlyLost();
    private final Published record = record(1, 1, "t1", 0);
    private final Published givenUp = givenUp(1, 2, "t1", Reason.of(Reason.REFUSED), 31);

    @Test
    void aDeadTokenThatStandsAsAliveIsAViolation() {
      violated(
          guarantee,
          evidence()
              .published(record)
              .stored(KEY, stored(record))
              .standing(KEY, Standing.DEAD)
              .uses(List.of(FIRST)),
          "no longer takes t1");
    }

    @Test
    void oneWhoseReasonIsNotHonestIsAViolation() {
      violated(
          guarantee,
          evidence().published(givenUp(1, 2, "t1", Reason.of(Reason.UNAVAILABLE), 31)),
          "no honest one");
    }

    @Test
    void aStrictProviderMayLoseOneThatWasPublished() {
      Evidence.Builder evidence =
          evidence()
              .published(record)
              .published(givenUp)
              .uses(List.of(cut("t1", "t2", "exchanger-1", 15), AGAIN));
      held(guarantee, evidence);
      assertThat(NoGrantSilentlyLost.losses(evidence.build())).hasSize(1);
    }

    @Test
    void aProviderThatNeverRotatesLosesNone() {
      violated(
          guarantee,
          evidence().promise("strict", Promise.STEADY).published(givenUp),
          "never rotates");
    }

    @Test
    void aWindowLosesNoneUnlessTheOutageOutlastedIt() {
      Promise window = new Promise(true, java.time.Duration.ofSeconds(30));
      Evidence.Builder evidence =
          evidence()
              .promise("strict", window)
              .published(record)
              .published(givenUp)
              .uses(List.of(cut("t1", "t2", "exchanger-1", 15), AGAIN));
      violated(guarantee, evidence, "free of faults");
      held(guarantee, evidence.disturbances(List.of(disturbance(Kind.REDIS, "", 16, 25))));
    }
  }

  @Nested
  class ForVersions {
    private final Guarantee guarantee = new EveryVersionPublishedInOrder();

    @Test
    void aRepetitionIsNoHarm() {
      held(guarantee, evidence().published(record(1, 1, "t1", 0)).published(record(1, 1, "t1", 0)));
    }

    @Test
    void oneVersionWithTwoContentsIsAViolation() {
      violated(
          guarantee,
          evidence().published(record(1, 1, "t1", 0)).published(record(1, 1, "t1", 5)),
          "one version says two things");
    }

    @Test
    void anOlderOneAtTheEndIsAViolation() {
      violated(
          guarantee,
          evidence().published(record(2, 2, "t2", 15)).published(record(1, 1, "t1", 0)),
          "the last record is not the highest");
    }

    @Test
    void aNewerAnswerWithoutAHigherVersionIsAViolation() {
      violated(
          guarantee,
          evidence().published(record(1, 9, "t1", 0)).published(record(2, 3, "t2", 15)),
          "no higher version");
    }
  }

  @Nested
  class ForExpiry {
    private final Guarantee guarantee = new RefreshedBeforeExpiry();
    private final Published late = record(2, 2, "t2", 25);

    @Test
    void aLateOneIsAViolation() {
      violated(
          guarantee,
          evidence().published(record(1, 1, "t1", 0)).published(late).between(at(0), at(30)),
          "ran out at");
    }

    @Test
    void oneThatNeverCameIsAViolation() {
      violated(guarantee, evidence().published(record(1, 1, "t1", 0)), "nothing came after it");
    }

    @Test
    void aWarningInBetweenNeitherExcusesNorCounts() {
      Published first = record(1, 1, "t1", 0);
      violated(
          guarantee,
          evidence()
              .published(first)
              .published(warning(first, 5))
              .published(record(2, 3, "t2", 25))
              .between(at(0), at(30)),
          "ran out at");
      Verdict verdict =
          held(
              guarantee,
              evidence()
                  .published(first)
                  .published(warning(first, 5))
                  .published(record(2, 3, "t2", 15))
                  .between(at(0), at(30)));
      assertThat(verdict.checked()).isEqualTo(1);
    }

    @Test
    void anOutageExcusesIt() {
      excused(
          guarantee,
          evidence()
              .published(record(1, 1, "t1", 0))
              .published(late)
              .disturbances(List.of(disturbance(Kind.KAFKA, "", 5, 9)))
              .between(at(0), at(30)));
    }

    @Test
    void aFaultOfAnotherProviderDoesNot() {
      violated(
          guarantee,
          evidence()
              .published(record(1, 1, "t1", 0))
              .published(late)
              .between(at(0), at(30))
              .disturbances(List.of(disturbance(Kind.PROVIDER, "other", 10, 19))),
          "ran out at");
    }
  }

  @Nested
  class ForLosers {
    private final Guarantee guarantee = new LoserNeverHarmsWinner();

    @Test
    void givingUpATokenThatWasNeverRefusedIsAViolation() {
      violated(
          guarantee,
          evidence()
              .published(givenUp(2, 3, "t2", Reason.of(Reason.REFUSED), 31))
              .uses(List.of(FIRST, AGAIN)),
          "the provider never refused t2");
    }

    @Test
    void anOlderAnswerInRedisIsAViolation() {
      Published older = record(1, 1, "t1", 0);
      violated(
          guarantee,
          evidence().published(older).published(record(2, 2, "t2", 15)).stored(KEY, stored(older)),
          "Redis is back at");
    }
  }

  @Nested
  class ForRedis {
    private final Guarantee guarantee = new RedisIsRebuildable();
    private final Published record = record(1, 1, "t1", 0);

    @Test
    void whatIsMissingIsAViolation() {
      violated(guarantee, evidence().published(record), "Redis has nothing");
    }

    @Test
    void whatIsNotOnTheTopicIsAViolation() {
      violated(guarantee, evidence().stored(KEY, stored(record)), "the topic has no record");
    }

    @Test
    void twoStoriesAreAViolation() {
      violated(
          guarantee,
          evidence().published(record).stored(KEY, stored(record(1, 2, "t1", 3))),
          "the topic ends with");
    }

    @Test
    void oneStoryHolds() {
      held(guarantee, evidence().published(record).stored(KEY, stored(record)));
    }
  }

  @Nested
  class ForSecrets {
    private final Guarantee guarantee = new NoSecretInTheOpen();

    @Test
    void aSecretIsFoundWhereverItStands() {
      violated(
          guarantee,
          evidence()
              .secrets(Set.of("sim-rt-8f2a0c11d9", "sim-rt-never-seen"))
              .open("the log", "… token=sim-rt-8f2a0c11d9 …"),
          "the log has a secret of 17 characters");
    }

    @Test
    void aSecretIsFoundInEveryDisguise() {
      String secret = "s3cr+t/77e0 \"<&>' \\ ü";
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      byte[] within = ("id:" + secret + "!").getBytes(StandardCharsets.UTF_8);
      List<String> disguised =
          List.of(
              secret,
              new String(bytes, StandardCharsets.ISO_8859_1),
              "x=" + URLEncoder.encode(secret, StandardCharsets.UTF_8) + "&y",
              URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"),
              "{\"x\":\"" + secret.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}",
              "<p>s3cr+t/77e0 &quot;&lt;&amp;&gt;&#39; \\ ü</p>",
              HexFormat.of().formatHex(within),
              HexFormat.of().withUpperCase().formatHex(within),
              "Basic " + Base64.getEncoder().encodeToString(within),
              Base64.getEncoder().encodeToString(("a" + secret).getBytes(StandardCharsets.UTF_8)),
              Base64.getUrlEncoder()
                  .encodeToString(("ab" + secret + "c").getBytes(StandardCharsets.UTF_8)),
              Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
      disguised.forEach(text ->
          violated(
              guarantee,
              evidence().secrets(Set.of(secret)).open("a page", text),
              "a page has a secret of " + secret.length() + " characters"));
    }

    @Test
    void whatOnlyLooksLikeASecretIsNone() {
      assertThat(
              guarantee
                  .check(
                      evidence()
                          .secrets(Set.of("sim-rt-8f2a0c11d9", "short"))
                          .open("a page", "sim-rt-8f2a0c11d8 rt-8f2a0c11d9 short")
                          .build())
                  .violations())
          .isEmpty();
    }
  }

  @Nested
  class ForOtherProviders {
    private final Guarantee guarantee = new OneProviderHangsOthersFlow();

    @Test
    void aConnectionThatWaitsForAnothersProviderIsAViolation() {
      violated(
          guarantee,
          evidence()
              .published(record(1, 1, "t1", 0))
              .published(record(2, 2, "t2", 25))
              .disturbances(List.of(disturbance(Kind.PROVIDER, "other", 10, 19))),
          "while another provider was failing");
    }
  }

  @Test
  void whatIsWaivedIsNotJudged() {
    assertThat(
            Guarantees.check(
                evidence().build(), Map.of(RefreshedBeforeExpiry.class, "not this time")))
        .hasSize(Guarantees.ALL.size() - 1)
        .noneMatch(verdict -> verdict.guarantee().equals("RefreshedBeforeExpiry"));
  }
}
