package dev.perennial.exchanger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Some thousand changes of the fuzz tests' inputs, the same ones in every run. */
@Timeout(30)
class AnswerRandomTest {
  private static final int INPUTS = 7000;

  @ParameterizedTest
  @CsvSource({"aBodyIsDecodedOrKept", "aBodyIsReadOrNot", "aRetryAfterIsReadOrNot"})
  void holdsForWhateverBecomesOfTheInputs(String name) throws Exception {
    Consumer<byte[]> check =
        switch (name) {
          case "aBodyIsDecodedOrKept" -> AnswerInvariants::decoding;
          case "aBodyIsReadOrNot" -> AnswerInvariants::reading;
          default -> AnswerInvariants::waiting;
        };
    List<byte[]> seeds = seeds(name);
    assertThat(seeds).hasSizeGreaterThan(5);
    Random random = new Random(20260501);
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = changed(seeds.get(i % seeds.size()), seeds, random);
      try {
        check.accept(input);
      } catch (RuntimeException | Error e) {
        throw new AssertionError(name + ", input " + i + ": " + Arrays.toString(input), e);
      }
    }
  }

  /** One to four changes: bytes replaced, cut out, doubled, or taken from another input. */
  private static byte[] changed(byte[] seed, List<byte[]> seeds, Random random) {
    byte[] bytes = seed.clone();
    for (int change = random.nextInt(4); change >= 0; change--) {
      int begin = random.nextInt(bytes.length + 1);
      int end = Math.min(bytes.length, begin + random.nextInt(16));
      byte[] middle =
          switch (random.nextInt(4)) {
            case 0 -> random(random, end - begin);
            case 1 -> new byte[0];
            case 2 -> join(bytes, begin, end, Arrays.copyOfRange(bytes, begin, end));
            default -> piece(seeds.get(random.nextInt(seeds.size())), random);
          };
      bytes = join(bytes, begin, end, middle);
    }
    return bytes;
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] piece(byte[] bytes, Random random) {
    int begin = random.nextInt(bytes.length + 1);
    return Arrays.copyOfRange(bytes, begin, Math.min(bytes.length, begin + random.nextInt(32)));
  }

  /** With this instead of what is between begin and end. */
  private static byte[] join(byte[] bytes, int begin, int end, byte[] middle) {
    byte[] joined = Arrays.copyOf(bytes, begin + middle.length + bytes.length - end);
    System.arraycopy(middle, 0, joined, begin, middle.length);
    System.arraycopy(bytes, end, joined, begin + middle.length, bytes.length - end);
    return joined;
  }

  private static List<byte[]> seeds(String name) throws IOException, URISyntaxException {
    URL directory =
        Objects.requireNonNull(
            AnswerRandomTest.class.getResource("AnswerFuzzTestInputs/" + name), name);
    List<byte[]> seeds = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of(directory.toURI()))) {
      for (Path file : files.sorted().toList()) {
        seeds.add(Files.readAllBytes(file));
      }
    }
    return seeds;
  }
}
