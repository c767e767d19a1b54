package dev.perennial.app.cli;

import dev.perennial.app.migration.Converted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends lines to the import some at a time, so that nothing is held but what is under way, and
 * counts what came of them. Not thread-safe.
 */
final class LinesSent {
  private static final int AT_A_TIME = 256;
  private static final int CHARACTERS_AT_A_TIME = 2 << 20;
  private static final List<String> RESULTS = List.of("imported", "unchanged", "exists", "refused");

  private final AdminClient client;
  private final String path;
  private final Consumer<String> refusals;
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final StringBuilder lines = new StringBuilder();
  private final List<Long> numbers = new ArrayList<>();

  /**
   * @param refusals is told of each line that is refused
   */
  LinesSent(AdminClient client, String mode, Consumer<String> refusals) {
    this.client = client;
    this.path = "/v1/import?mode=" + AdminClient.encoded(mode);
    this.refusals = refusals;
    RESULTS.forEach(result -> counts.put(result, 0L));
  }

  void add(Converted.Line line) {
    add(line.number(), JsonMapper.shared().writeValueAsString(line.members()));
  }

  void add(Converted.Raw line) {
    add(line.number(), line.text());
  }

  private void add(long number, String line) {
    lines.append(line).append('\n');
    numbers.add(number);
    if (numbers.size() >= AT_A_TIME || lines.length() >= CHARACTERS_AT_A_TIME) {
      send();
    }
  }

  void refuse(long number, String name, String why) {
    counts.merge("refused", 1L, Long::sum);
    refusals.accept("record " + number + (name.isEmpty() ? "" : " (" + name + ")") + ": " + why);
  }

  /** What has not been sent. */
  void send() {
    if (numbers.isEmpty()) {
      return;
    }
    client.postLines(path, lines.toString(), this::read);
    lines.setLength(0);
    numbers.clear();
  }

  private void read(JsonNode answer) {
    JsonNode summary = answer.path("summary");
    if (!summary.isMissingNode()) {
      if (!summary.path("complete").asBoolean(false)) {
        throw new CommandFailure(
            "the import stopped: "
                + summary.path("detail").asString("")
                + " What was imported stays, and importing it again changes nothing.");
      }
      return;
    }
    String result = answer.path("result").asString("");
    long number = numbers.get(answer.path("line").asInt(1) - 1);
    if (result.equals("refused")) {
      refuse(number, name(answer), answer.path("detail").asString(""));
    } else {
      counts.merge(result, 1L, Long::sum);
    }
  }

  private static String name(JsonNode answer) {
    String connection = answer.path("connection").asString("");
    return connection.isEmpty() ? "" : answer.path("integration").asString("") + "/" + connection;
  }

  long count(String result) {
    return counts.getOrDefault(result, 0L);
  }

  /** E.g. {@code imported 3, unchanged 0, exists 1, refused 0}. */
  String summary() {
    return String.join(
        ", ", counts.entrySet().stream().map(one -> one.getKey() + " " + one.getValue()).toList());
  }
}
