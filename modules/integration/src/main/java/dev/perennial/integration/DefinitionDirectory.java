package dev.perennial.integration;

import dev.perennial.integration.Finding.Severity;
import dev.perennial.integration.document.Place;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A folder of definition files. Files that do not end in {@code .json} are nobody's business. */
public final class DefinitionDirectory {
  private DefinitionDirectory() {}

  /**
   * Reads all definitions of a folder, by name.
   *
   * @throws DefinitionProblems where a file cannot be used, with every error of every file
   */
  public static List<Definition> read(Path directory) {
    DefinitionReader reader = new DefinitionReader();
    List<Definition> definitions = new ArrayList<>();
    List<Finding> errors = new ArrayList<>();
    for (Path file : files(directory)) {
      switch (reader.read(file)) {
        case Reading.Usable(Definition definition, var _) -> definitions.add(definition);
        case Reading.Unreadable(List<Finding> findings) ->
            findings.stream().filter(Finding::isError).forEach(errors::add);
      }
    }
    if (!errors.isEmpty()) {
      throw new DefinitionProblems(errors);
    }
    return List.copyOf(definitions);
  }

  private static List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path file : stream) {
        if (file.toString().toLowerCase(Locale.ROOT).endsWith(".json")
            && !Files.isDirectory(file)) {
          files.add(file);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      String reason = "the folder of definitions cannot be read: " + e.getClass().getSimpleName();
      throw new DefinitionProblems(
          List.of(new Finding(Severity.ERROR, directory.toString(), Place.FILE, reason)));
    }
    return files.stream().sorted().toList();
  }
}
