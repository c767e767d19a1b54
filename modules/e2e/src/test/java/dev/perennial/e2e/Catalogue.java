package dev.perennial.e2e;

import dev.perennial.devstack.dialect.Dialect;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The definitions that are shipped, and how each of their providers behaves. */
final class Catalogue {
  static final Path DEFINITIONS = Path.of("../../integrations");
  private static final Path DIALECTS = Path.of("src/test/resources/dialects");
  private static final String SUFFIX = ".json";

  private Catalogue() {}

  /** In the order of the alphabet. */
  static SortedSet<String> definitions() {
    return slugs(DEFINITIONS);
  }

  /** In the order of the alphabet. */
  static SortedSet<String> dialects() {
    return slugs(DIALECTS);
  }

  static Path file(String slug) {
    return DEFINITIONS.resolve(slug + SUFFIX);
  }

  static String definition(String slug) {
    return text(file(slug));
  }

  static JsonNode json(String slug) {
    return new JsonMapper().readTree(definition(slug));
  }

  /**
   * @throws IllegalArgumentException where there is none, or its file is wrong
   */
  static Dialect dialect(String slug) {
    Path file = DIALECTS.resolve(slug + SUFFIX);
    if (!Files.exists(file)) {
      throw new IllegalArgumentException(
          "integrations/" + slug + ".json has no dialect; write " + file);
    }
    try {
      return Dialect.parse(text(file));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  /** What the operator sets for a variable. */
  static String environmentName(String slug, String variable) {
    return "PERENNIAL_" + slug.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + variable;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SortedSet<String> slugs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      SortedSet<String> slugs = new TreeSet<>();
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(SUFFIX))
          .forEach(name -> slugs.add(name.substring(0, name.length() - SUFFIX.length())));
      return slugs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
