package dev.perennial.integration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of the definitions that are shipped, the same ones in every run, and huge files. */
@Timeout(30)
class DefinitionRandomTest {
  private static final Path SHIPPED = Path.of("../../integrations");
  private static final int INPUTS = 250;
  private static final int MAX_SIZE = 256 * 1024;

  private static final List<String> HOSTILE =
      List.of(
          "${",
          "<#include \"x\">",
          "[=",
          "[#ftl]",
          "[",
          "{{",
          "}}",
          "{{ A }}",
          "{{ oauth.refresh_token }}",
          "{{ base64(A)!\"\" + left(B,3) }}",
          "\"",
          "'",
          "\\",
          "\\u0000",
          "\\ud800",
          "{",
          "}",
          "]",
          ",",
          ":",
          "null",
          "true",
          "[]",
          "{}",
          "-1",
          "1e999999999",
          "123456789012345678901234567890",
          "0.1",
          "\u0000",
          "\u2028",
          "\ud83d\ude00",
          "\r",
          "\n",
          "../",
          "https://",
          "@",
          "#",
          "?",
          "&",
          "=",
          "[[[[[[[[".repeat(8),
          "{\"a\":".repeat(40),
          "((((".repeat(10));

  /** A member of an object, as far as it can be told without a parser. */
  private static final Pattern MEMBER =
      Pattern.compile("\"\\w{1,40}\"\\s*:\\s*(?:\"[^\"\\\\]*\"|\\w+|\\[[^\\[\\]{}]*\\])");

  private static final Pattern TEXT = Pattern.compile("\"[^\"\\\\]*\"");

  @Test
  void whatever_becomes_of_a_file_it_is_read_or_refused() throws IOException {
    List<byte[]> seeds = seeds();
    assertThat(seeds).hasSizeGreaterThan(30);
    Random random = new Random(20260501);
    int usable = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = changed(seeds.get(i % seeds.size()), random);
      try {
        usable += DefinitionInvariants.reading(input) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        String text = new String(input, StandardCharsets.UTF_8);
        throw new AssertionError("input " + i + ": " + text, e);
      }
    }
    assertThat(usable).as("both ways are taken").isBetween(INPUTS / 50, INPUTS - INPUTS / 10);
  }

  private static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(SHIPPED)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }

  private static byte[] changed(byte[] seed, Random random) {
    byte[] bytes = seed;
    for (int change = random.nextInt(3); change >= 0; change--) {
      bytes =
          switch (random.nextInt(6)) {
            case 0 -> bytes(random, bytes);
            case 1 -> cut(random, bytes);
            case 2 -> swapped(random, bytes, MEMBER);
            case 3 -> swapped(random, bytes, TEXT);
            case 4 -> inserted(random, bytes, random.nextInt(bytes.length + 1));
            default -> inText(random, bytes);
          };
    }
    return bytes;
  }

  private static byte[] bytes(Random random, byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(4); i >= 0 && changed.length > 0; i--) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private static byte[] cut(Random random, byte[] bytes) {
    int begin = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, begin + random.nextInt(60));
    return random.nextInt(8) == 0
        ? Arrays.copyOf(bytes, begin)
        : joined(Arrays.copyOf(bytes, begin), Arrays.copyOfRange(bytes, end, bytes.length));
  }

  /** Two of its pieces change places, or one stands in both. */
  private static byte[] swapped(Random random, byte[] bytes, Pattern piece) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<MatchResult> found = piece.matcher(text).results().toList();
    if (found.size() < 2) {
      return bytes;
    }
    int first = random.nextInt(found.size() - 1);
    int second = first + 1 + random.nextInt(found.size() - first - 1);
    MatchResult a = found.get(first);
    MatchResult b = found.get(second);
    String swapped =
        text.substring(0, a.start())
            + b.group()
            + text.substring(a.end(), b.start())
            + (random.nextBoolean() ? a.group() : b.group())
            + text.substring(b.end());
    return swapped.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] inText(Random random, byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<MatchResult> found = TEXT.matcher(text).results().toList();
    if (found.isEmpty()) {
      return bytes;
    }
    MatchResult in = found.get(random.nextInt(found.size()));
    return inserted(random, bytes, in.start() + 1 + random.nextInt(in.group().length() - 1));
  }

  private static byte[] inserted(Random random, byte[] bytes, int at) {
    String hostile = HOSTILE.get(random.nextInt(HOSTILE.size()));
    return joined(
        Arrays.copyOf(bytes, at),
        hostile.getBytes(StandardCharsets.UTF_8),
        Arrays.copyOfRange(bytes, at, bytes.length));
  }

  private static byte[] joined(byte[]... pieces) {
    int length = Arrays.stream(pieces).mapToInt(piece -> piece.length).sum();
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] piece : pieces) {
      System.arraycopy(piece, 0, joined, at, piece.length);
      at += piece.length;
    }
    return joined;
  }

  /** Files as large as they may be, each full of one thing. */
  static List<String> huge() {
    String consent = "{\"authenticate_url\": \"https://a.example/?#\", \"access_token\": {}}";
    String host = "{\"authenticate_url\": \"https://#.shop.example/\", \"access_token\": {}}";
    String data = "{\"access_token\": {\"url\": \"https://a.example/\", \"data\": {\"a\": \"#\"}}}";
    String members = "{\"access_token\": {\"url\": \"https://a.example/\", \"data\": {#}}}";
    return List.of(
        full(consent, "&"),
        full(consent, "a&"),
        full(consent, "{{A}}"),
        full(consent, "{{A}}="),
        full(host, "{{A}}"),
        full(host, "a."),
        full(data, "["),
        full(data, "{{A}}["),
        full(data, "{{oauth.a.b.c}}"),
        full(data, "("),
        full(data, "{{"),
        full(data, "}}"),
        numbered(members, "\"%d\": 1,", "\"x\": 1"),
        numbered("{#}", "\"k%d\": 1,", "\"oauth\": {}"),
        numbered("{\"oauth\": {#}}", "\"k%d\": 1,", "\"access_token\": {}"),
        full("{\"oauth\": #0}", "{\"oauth\":"),
        full("{\"oauth\": #}", "["),
        unknownNames());
  }

  @ParameterizedTest
  @MethodSource("huge")
  void a_huge_file_is_read_soon(String file) {
    DefinitionInvariants.reading(file.getBytes(StandardCharsets.UTF_8));
  }

  private static String full(String around, String piece) {
    return around.replace("#", piece.repeat((MAX_SIZE - around.length()) / piece.length()));
  }

  private static String numbered(String around, String piece, String last) {
    StringBuilder members = new StringBuilder();
    for (int i = 0; members.length() < MAX_SIZE - around.length() - 100; i++) {
      members.append(piece.formatted(i));
    }
    return around.replace("#", members.append(last));
  }

  /** Many names, and as many that are nearly the same. */
  private static String unknownNames() {
    StringBuilder form = new StringBuilder();
    StringBuilder data = new StringBuilder();
    String name = "n".repeat(50);
    for (int i = 0; form.length() + data.length() < MAX_SIZE - 1000; i++) {
      form.append("{\"id\": \"").append(name).append(i).append("\"},");
      data.append("{{ ").append("m".repeat(50)).append(i).append(" }}");
    }
    return "{\"initial_data_form\": ["
        + form
        + "{\"id\": \"A\"}], \"oauth\": {\"access_token\": {\"url\": \"https://a.example/\","
        + " \"data\": {\"a\": \""
        + data
        + "\"}}}}";
  }
}
