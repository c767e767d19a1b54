package dev.perennial.app.config;

import dev.perennial.app.config.ConfigProblems.Problem;
import dev.perennial.domain.Secret;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A file of {@code NAME=value} lines in UTF-8. Blank lines and lines that start with {@code #} are
 * passed over; a value is everything after the first {@code =}, as it stands, so that no character
 * of a secret means anything.
 */
final class SecretsFile {
  private static final Pattern NAME = Pattern.compile("PERENNIAL_[A-Z0-9_]+");

  private SecretsFile() {}

  /**
   * What the file says, by name.
   *
   * @throws ConfigProblems where it cannot be read
   */
  static Map<String, Secret> read(Path file) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Secret> values = read(file, problems);
    if (!problems.isEmpty()) {
      throw new ConfigProblems(problems);
    }
    return values;
  }

  /** Everything that is wrong with the file, names that no definition declares too. */
  static List<Problem> check(Path file, Set<String> declared) {
    List<Problem> problems = new ArrayList<>();
    for (String name : read(file, problems).keySet()) {
      if (!declared.contains(name)) {
        problems.add(undeclared(file, name, declared));
      }
    }
    return problems;
  }

  private static Problem undeclared(Path file, String name, Set<String> declared) {
    return Environment.isReserved(name)
        ? new Problem(
            file.toString(),
            name,
            "a configuration key, and this file is for variables of definitions",
            "it belongs in perennial.yaml or in the environment")
        : Environment.unknown(name, file.toString(), declared);
  }

  private static Map<String, Secret> read(Path file, List<Problem> problems) {
    Map<String, Secret> values = new TreeMap<>();
    int number = 0;
    for (String line : lines(file, problems)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        readLine(line, file + ":" + number, values, problems);
      }
    }
    return values;
  }

  private static void readLine(
      String line, String source, Map<String, Secret> values, List<Problem> problems) {
    int equals = line.indexOf('=');
    String name = equals < 0 ? "" : line.substring(0, equals).strip();
    if (!NAME.matcher(name).matches()) {
      problems.add(
          new Problem(source, "", "expected PERENNIAL_<INTEGRATION>_<VARIABLE>=value", ""));
    } else if (values.put(name, Secret.of(line.substring(equals + 1))) != null) {
      problems.add(new Problem(source, name, "stands here twice", "keep one"));
    }
  }

  private static List<String> lines(Path file, List<Problem> problems) {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException _) {
      problems.add(
          new Problem(
              file.toString(), "", "there is no such file", "perennial.secrets.file names it"));
    } catch (CharacterCodingException _) {
      problems.add(new Problem(file.toString(), "", "not UTF-8", ""));
    } catch (IOException e) {
      problems.add(new Problem(file.toString(), "", "cannot be read: " + e.getMessage(), ""));
    }
    return List.of();
  }
}
