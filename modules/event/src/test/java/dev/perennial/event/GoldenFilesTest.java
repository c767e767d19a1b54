package dev.perennial.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.perennial.domain.event.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was written once must be read for ever: a golden file is never edited, a change of the
 * format brings a new one beside it.
 */
class GoldenFilesTest {
  /** Was never written without naming its schema. */
  private static final String SINCE_SCHEMAS = "perennial.credentials.resealed";

  /** Types whose data say what those of the first format did not. */
  private static final Set<String> SECOND_FORMAT =
      Set.of(
          "perennial.code.received",
          "perennial.credentials.expiring",
          "perennial.journal.answer",
          "perennial.journal.consent");

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void an_event_is_written_as_its_golden_file_says(Event event) throws Exception {
    EventMessage written = Examples.CODEC.encode(event);
    EventMessage golden = golden(type(written));
    assertThat(written.topic()).isEqualTo(golden.topic());
    assertThat(written.key()).isEqualTo(golden.key());
    assertThat(written.headers()).isEqualTo(golden.headers());
    assertThat(text(written)).isEqualTo(text(golden));
  }

  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void a_golden_file_is_read_as_the_same_event(Event event) throws Exception {
    EventMessage golden = golden(type(Examples.CODEC.encode(event)));
    assertThat(Examples.CODEC.decode(golden)).isEqualTo(event);
  }

  /** Without {@code ce_partitionkey} and {@code ce_dataschema}. */
  @ParameterizedTest
  @MethodSource("dev.perennial.event.Examples#all")
  void what_was_written_before_events_named_their_schema_is_read_as_the_same_event(Event event)
      throws Exception {
    String type = type(Examples.CODEC.encode(event));
    assumeThat(type).isNotEqualTo(SINCE_SCHEMAS);
    EventMessage golden = golden(type, today(type) - 1);
    assertThat(golden.headers()).doesNotContainKey("ce_dataschema");
    assertThat(Examples.CODEC.decode(golden)).isEqualTo(event);
  }

  @Test
  void there_is_an_example_of_every_event_type() {
    List<String> types =
        Examples.all().stream().map(Examples.CODEC::encode).map(GoldenFilesTest::type).toList();
    assertThat(types).containsExactlyInAnyOrderElementsOf(EventCodec.types());
  }

  private static String type(EventMessage message) {
    return Objects.requireNonNull(message.headers().get("ce_type"));
  }

  private static String text(EventMessage message) {
    return new String(Objects.requireNonNull(message.value()), StandardCharsets.UTF_8);
  }

  @Test
  void a_code_of_the_first_format_names_no_healing() throws Exception {
    Event read = Examples.CODEC.decode(golden("perennial.code.received", 1));
    assertThat(((Event.CodeReceived) read).healing()).isEmpty();
  }

  @Test
  void what_was_written_before_ends_were_known_names_none() throws Exception {
    Event update = Examples.CODEC.decode(golden("perennial.credentials.expiring", 1));
    assertThat(((Event.CredentialUpdated) update).state().grantEnd()).isNull();
    assertThat(((Event.CredentialUpdated) update).state().warned()).isNull();
    Event answer = Examples.CODEC.decode(golden("perennial.journal.answer", 1));
    assertThat(((Event.AnswerJournaled) answer).tokens().grantEnd()).isNull();
    assertThat(((Event.AnswerJournaled) answer).incomplete()).isNull();
    Event consent = Examples.CODEC.decode(golden("perennial.journal.consent", 1));
    assertThat(((Event.ConsentJournaled) consent).tokens().grantEnd()).isNull();
  }

  /** In the format of today. */
  private static EventMessage golden(String type) throws IOException, MalformedJsonException {
    return golden(type, today(type));
  }

  private static int today(String type) {
    if (type.equals(SINCE_SCHEMAS)) {
      return 1;
    }
    return SECOND_FORMAT.contains(type) ? 3 : 2;
  }

  private static EventMessage golden(String type, int format)
      throws IOException, MalformedJsonException {
    String name = "/golden/" + type + ".v" + format + ".json";
    try (InputStream file = GoldenFilesTest.class.getResourceAsStream(name)) {
      assertThat(file).as("golden file of %s", type).isNotNull();
      Members golden = new Members(JsonObjects.read(Objects.requireNonNull(file).readAllBytes()));
      return new EventMessage(
          golden.text("topic"),
          golden.text("key"),
          new TreeMap<>(golden.texts("headers")),
          JsonObjects.write(golden.object("data")));
    }
  }
}
