package dev.perennial.devstack.provider;

import static dev.perennial.devstack.provider.Caller.json;
import static dev.perennial.devstack.provider.Caller.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RotationTest {
  private final ManualClock clock = new ManualClock();
  private final ProviderSimulator simulator =
      ProviderSimulator.start(
          0,
          clock,
          new SplittableRandom(1),
          List.of(
              ProviderProfile.named("once").build(),
              ProviderProfile.named("never").rotation(Rotation.NEVER).build(),
              ProviderProfile.named("repeats")
                  .rotation(Rotation.NEVER)
                  .refreshTokenRepeated()
                  .build(),
              ProviderProfile.named("window")
                  .rotation(Rotation.reusableFor(Duration.ofSeconds(30)))
                  .build()));

  @AfterEach
  void close() {
    simulator.close();
  }

  private Caller caller(String provider) {
    return new Caller(simulator.provider(provider));
  }

  @Test
  void aSingleUseTokenIsReplacedAndTheSuccessorWorks() throws Exception {
    try (Caller caller = caller("once")) {
      String first = text(caller.connect(), "refresh_token");
      String second = text(json(caller.refresh(first)), "refresh_token");

      assertThat(second).startsWith("sim-rt-").isNotEqualTo(first);
      assertThat(caller.refresh(second).statusCode()).isEqualTo(200);
      assertThat(simulator.ledger().spentTwice()).isEmpty();
    }
  }

  @Test
  void aReplayEndsTheWholeFamilyAndIsWrittenDown() throws Exception {
    try (Caller caller = caller("once")) {
      JsonNode tokens = caller.connect();
      String first = text(tokens, "refresh_token");
      JsonNode fresh = json(caller.refresh(first));

      HttpResponse<String> replay = caller.refresh(first);

      assertThat(replay.statusCode()).isEqualTo(400);
      assertThat(text(json(replay), "error")).isEqualTo("invalid_grant");
      assertThat(caller.resource(text(fresh, "access_token")).statusCode()).isEqualTo(401);
      assertThat(caller.refresh(text(fresh, "refresh_token")).statusCode()).isEqualTo(400);
      assertThat(simulator.ledger().spentTwice())
          .singleElement()
          .satisfies(found -> {
            assertThat(found.first().delivery()).isEqualTo(Delivery.WHOLE);
            assertThat(found.first().token()).isEqualTo(found.again().token());
            assertThat(found.again().detail()).isEqualTo("invalid_grant");
            assertThat(found.again().grant()).isEqualTo(text(tokens, "sim_grant"));
          });
      assertThat(simulator.ledger().spentTwice(use -> use.worker().equals("caller"))).isEmpty();
    }
  }

  @Test
  void oneGrantsReplayLeavesAnotherAlone() throws Exception {
    try (Caller caller = caller("once")) {
      String first = text(caller.connect(), "refresh_token");
      String other = text(caller.connect(), "refresh_token");
      caller.refresh(first);
      caller.refresh(first);

      assertThat(caller.refresh(other).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void insideTheWindowTheOldTokenBringsTheSameSuccessor() throws Exception {
    try (Caller caller = caller("window")) {
      String first = text(caller.connect(), "refresh_token");
      JsonNode once = json(caller.refresh(first));
      clock.advance(Duration.ofSeconds(29));
      JsonNode twice = json(caller.refresh(first));

      assertThat(text(twice, "refresh_token")).isEqualTo(text(once, "refresh_token"));
      assertThat(text(twice, "access_token")).isNotEqualTo(text(once, "access_token"));
      assertThat(simulator.ledger().spentTwice()).isEmpty();

      clock.advance(Duration.ofSeconds(1));
      assertThat(caller.refresh(first).statusCode()).isEqualTo(400);
      assertThat(simulator.ledger().spentTwice()).hasSize(1);
    }
  }

  @Test
  void aRepetitionThatWasAnsweredCountsAsWellAsTheFirst() throws Exception {
    try (Caller caller = caller("window")) {
      String first = text(caller.connect(), "refresh_token");
      simulator.provider("window").failNext(1, Fault.RESET_AFTER_PROCESSING);
      try (RawCall lost = RawCall.refresh(simulator.provider("window"), first)) {
        lost.readFor(Duration.ofSeconds(10));
      }
      JsonNode held = json(caller.refresh(first));
      assertThat(simulator.ledger().isCurrent(text(held, "refresh_token"))).isTrue();
      assertThat(simulator.ledger().spentTwice()).isEmpty();

      clock.advance(Duration.ofSeconds(30));
      caller.refresh(first);

      assertThat(simulator.ledger().spentTwice())
          .singleElement()
          .satisfies(found -> assertThat(found.first().delivery()).isEqualTo(Delivery.WHOLE));
    }
  }

  @Test
  void whereNothingRotatesATokenServesForEverAndIsNotSaidAgain() throws Exception {
    try (Caller caller = caller("never")) {
      String only = text(caller.connect(), "refresh_token");
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer = caller.refresh(only);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).has("refresh_token")).isFalse();
      }
      assertThat(simulator.ledger().spentTwice()).isEmpty();
      assertThat(simulator.ledger().refreshesGranted("never")).isEqualTo(3);
    }
    try (Caller caller = caller("repeats")) {
      String only = text(caller.connect(), "refresh_token");
      assertThat(text(json(caller.refresh(only)), "refresh_token")).isEqualTo(only);
    }
  }

  @Test
  void aUserCanTakeEverythingBack() throws Exception {
    try (Caller caller = caller("never")) {
      String only = text(caller.connect(), "refresh_token");
      simulator.provider("never").revokeAllGrants();

      assertThat(text(json(caller.refresh(only)), "error")).isEqualTo("invalid_grant");
      assertThat(caller.refresh(text(caller.connect(), "refresh_token")).statusCode())
          .isEqualTo(200);
    }
  }
}
