package dev.perennial.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.Sealed;
import dev.perennial.domain.event.Event;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
  private static final String PLANTED = "planted-value";

  private final EventMessage good = Examples.CODEC.encode(Examples.refreshed());

  @Test
  void members_that_a_newer_writer_adds_are_ignored() throws Exception {
    Map<String, @Nullable Object> data = data(good);
    data.put("added_later", List.of(1, 2));
    assertThat(Examples.CODEC.decode(with(good, data))).isEqualTo(Examples.refreshed());
  }

  static Stream<Arguments> headersThatAreNotOurs() {
    return Stream.of(
        Arguments.of("ce_specversion", "0.3", "ce_specversion is not 1.0"),
        Arguments.of("ce_specversion", null, "ce_specversion is not 1.0"),
        Arguments.of("ce_type", "perennial.credentials.polished", "ce_type is none we know"),
        Arguments.of("ce_type", "perennial.credentials.REFRESHED", "ce_type is none we know"),
        Arguments.of("ce_type", "com.example.order", "ce_type is none we know"),
        Arguments.of("ce_type", null, "ce_type is none we know"),
        Arguments.of("content-type", "text/plain", "content-type is not application/json"));
  }

  @ParameterizedTest
  @MethodSource("headersThatAreNotOurs")
  void a_foreign_header_is_refused(String name, @Nullable String value, String why) {
    Map<String, String> headers = new HashMap<>(good.headers());
    if (value == null) {
      headers.remove(name);
    } else {
      headers.put(name, value);
    }
    assertRefused(new EventMessage(good.topic(), good.key(), headers, good.value()), why);
  }

  static Stream<Arguments> membersThatDoNotFit() {
    return Stream.of(
        Arguments.of("version", "8", "version is not an integer"),
        Arguments.of("version", 8.5, "version is not an integer"),
        Arguments.of("version", null, "version is missing"),
        Arguments.of("status", PLANTED, "status is none we know"),
        Arguments.of("changed_at", PLANTED, "changed_at is not an ISO 8601 instant"),
        Arguments.of("changed_at", 1_767_225_600, "changed_at is not a text"),
        Arguments.of("sealed", PLANTED + "!", "sealed is not base64"),
        Arguments.of("scope", List.of(PLANTED), "scope is not a text"),
        Arguments.of("grant_ends_at", PLANTED, "grant_ends_at is not an ISO 8601 instant"),
        Arguments.of("warned_lead_seconds", PLANTED, "warned_lead_seconds is not an integer"),
        Arguments.of("connection", PLANTED, "key is not the connection in its data"),
        Arguments.of("integration", "Not A Slug " + PLANTED, "no connection key"));
  }

  @ParameterizedTest
  @MethodSource("membersThatDoNotFit")
  void a_member_of_another_kind_is_refused(String name, @Nullable Object value, String why)
      throws Exception {
    Map<String, @Nullable Object> data = data(good);
    data.put(name, value);
    assertRefused(with(good, data), why);
  }

  static Stream<Arguments> valuesThatAreNoData() {
    return Stream.of(
        Arguments.of("", "not a JSON object"),
        Arguments.of("null", "not a JSON object"),
        Arguments.of("\"" + PLANTED + "\"", "not a JSON object"),
        Arguments.of("{\"a\":" + PLANTED + "}", "not a JSON object"),
        Arguments.of("{} {}", "not a JSON object"),
        Arguments.of("x".repeat(EventMessage.MAX_VALUE_BYTES + 1), "bytes, at most"));
  }

  @ParameterizedTest
  @MethodSource("valuesThatAreNoData")
  void a_value_that_is_no_data_is_refused(String value, String why) {
    assertRefused(
        new EventMessage(good.topic(), good.key(), good.headers(), value.getBytes(UTF_8)), why);
  }

  @Test
  void a_tombstone_is_told_apart_and_not_decoded() {
    EventMessage tombstone = new EventMessage(good.topic(), good.key(), Map.of(), null);
    assertThat(tombstone.isTombstone()).isTrue();
    assertThat(good.isTombstone()).isFalse();
    assertRefused(tombstone, "a tombstone says no event");
  }

  @Test
  void a_type_that_does_not_print_does_not_reach_the_message() {
    Map<String, String> headers = new HashMap<>(good.headers());
    headers.put("ce_type", "a\r\nb" + "c".repeat(500));
    assertThatThrownBy(() ->
            Examples.CODEC.decode(
                new EventMessage(good.topic(), good.key(), headers, good.value())))
        .message()
        .hasSizeLessThan(200)
        .doesNotContainPattern("\\p{Cntrl}");
  }

  @Test
  void an_event_too_long_to_be_read_is_not_written() {
    Event tooLong =
        new Event.CodeReceived(
            Examples.KEY,
            "a1",
            1,
            "run@1",
            Instant.EPOCH,
            Sealed.of(new byte[EventMessage.MAX_VALUE_BYTES]));
    assertThatThrownBy(() -> Examples.CODEC.encode(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("google/acme");
  }

  @Test
  void a_sealed_body_of_one_mebibyte_fits() {
    Event long_ =
        new Event.CodeReceived(
            Examples.KEY, "a1", 1, "run@1", Instant.EPOCH, Sealed.of(new byte[(1 << 20) + 34]));
    assertThat(Examples.CODEC.decode(Examples.CODEC.encode(long_))).isEqualTo(long_);
  }

  @Test
  void two_connections_never_share_an_id() {
    Event here =
        new Event.RefreshDue(Examples.KEY, 1, Event.RefreshDue.Cause.SCHEDULED, Instant.EPOCH);
    Event there =
        new Event.RefreshDue(
            new ConnectionKey("google", "other"),
            1,
            Event.RefreshDue.Cause.SCHEDULED,
            Instant.EPOCH);
    assertThat(id(here)).isNotEqualTo(id(there)).isEqualTo("google/acme/1-0");
  }

  private static @Nullable String id(Event event) {
    return Examples.CODEC.encode(event).headers().get("ce_id");
  }

  private static void assertRefused(EventMessage message, String why) {
    assertThatThrownBy(() -> Examples.CODEC.decode(message))
        .isInstanceOf(UnreadableEventException.class)
        .hasMessageContaining(message.topic())
        .hasMessageContaining(why)
        .hasMessageNotContainingAny(PLANTED)
        .hasNoCause();
  }

  private static Map<String, @Nullable Object> data(EventMessage message) throws Exception {
    return JsonObjects.read(Objects.requireNonNull(message.value()));
  }

  private static EventMessage with(EventMessage message, Map<String, @Nullable Object> data) {
    return new EventMessage(
        message.topic(), message.key(), message.headers(), JsonObjects.write(data));
  }
}
