package dev.perennial.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.exceptions.JedisDataException;

class StepBatchTest {

  @Test
  void whatIsOfOneScriptAndShardGoesTogetherInItsOrder() {
    Step first = step(Script.BEGIN, 1, "a", "x");
    Step other = step(Script.COMMIT, 1, "a", "y");
    Step elsewhere = step(Script.BEGIN, 2, "c", "z");
    Step second = step(Script.BEGIN, 1, "b");
    List<StepBatch> batches = StepBatch.of(List.of(first, other, elsewhere, second));
    assertThat(batches)
        .extracting(StepBatch::steps)
        .containsExactly(List.of(first, second), List.of(other), List.of(elsewhere));
    StepBatch both = batches.getFirst();
    assertThat(texts(both.keys())).containsExactly("c:a", "shard1", "c:b");
    assertThat(texts(both.args())).containsExactly("base1", "2", "a", "x", "1", "b");
  }

  @Test
  void noRunOfAScriptTakesMoreThanItsShare() {
    List<Step> many =
        IntStream.range(0, 2 * StepBatch.MOST + 1)
            .mapToObj(i -> step(Script.BEGIN, 1, "a" + i))
            .toList();
    assertThat(StepBatch.of(many))
        .extracting(batch -> batch.steps().size())
        .containsExactly(StepBatch.MOST, StepBatch.MOST, 1);
  }

  @Test
  void eachStepHasItsOwnAnswer() {
    Step first = step(Script.BEGIN, 1, "a");
    Step second = step(Script.BEGIN, 1, "b");
    StepBatch batch = StepBatch.of(List.of(first, second)).getFirst();
    batch.answered(new Reply(List.of(bytes("one"), bytes("two"))), wrong -> wrong);
    assertThat(first.answer().verdict()).isEqualTo("one");
    assertThat(second.answer().verdict()).isEqualTo("two");
  }

  @Test
  void whatWentWrongWithOneIsNothingToTheOther() {
    Step first = step(Script.BEGIN, 1, "a");
    Step second = step(Script.BEGIN, 1, "b");
    StepBatch batch = StepBatch.of(List.of(first, second)).getFirst();
    Reply replies = new Reply(List.of(new JedisDataException("ERR user_script"), bytes("two")));
    batch.answered(replies, wrong -> wrong);
    assertThatThrownBy(first::answer).isInstanceOf(JedisDataException.class);
    assertThat(second.answer().verdict()).isEqualTo("two");
  }

  @Test
  void whereRedisDidNotAnswerEachIsTold() {
    Step first = step(Script.BEGIN, 1, "a");
    Step second = step(Script.BEGIN, 1, "b");
    StepBatch.of(List.of(first, second)).getFirst().failed(new UnavailableException("away"));
    assertThatThrownBy(first::answer).isInstanceOf(UnavailableException.class);
    assertThatThrownBy(second::answer).isInstanceOf(UnavailableException.class);
  }

  private static Step step(Script script, int shard, String name, String... own) {
    List<byte[]> args = bytes("base" + shard, name);
    List<byte[]> all = new ArrayList<>(args);
    all.addAll(bytes(own));
    return new Step(script, shard, bytes("c:" + name, "shard" + shard), all);
  }

  private static List<byte[]> bytes(String... texts) {
    return Arguments.keys(texts);
  }

  private static List<String> texts(List<byte[]> bytes) {
    return bytes.stream().map(each -> new String(each, UTF_8)).toList();
  }
}
