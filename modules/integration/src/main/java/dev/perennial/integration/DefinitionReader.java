package dev.perennial.integration;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.integration.Finding.Severity;
import dev.perennial.integration.document.DocumentReader;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problem;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.schema.DefinitionSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads definition files (docs/integrations.md): the bare oauth object, {@code {"oauth": …}} or a
 * whole manifest. All errors of a file are told at once. Thread-safe.
 */
public final class DefinitionReader {
  private static final String SUFFIX = ".json";

  /** Reads a file; one that cannot be opened is unreadable too. */
  public Reading read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in.readNBytes(DocumentReader.MAX_SIZE + 1));
    } catch (NoSuchFileException e) {
      return unreadable(file, "there is no such file");
    } catch (IOException e) {
      return unreadable(file, "cannot be read: " + e.getMessage());
    }
  }

  private static Reading unreadable(Path file, String reason) {
    return new Reading.Unreadable(
        List.of(new Finding(Severity.ERROR, file.toString(), Place.FILE, reason)));
  }

  /**
   * Reads what a file holds.
   *
   * @param file its name or path; the last part without {@code .json} is the slug
   */
  public Reading read(String file, byte[] content) {
    Problems problems = new Problems();
    String slug = slug(file, problems);
    Optional<Definition> definition =
        new DocumentReader(problems)
            .read(content)
            .flatMap(json -> read(file, slug, json, problems));
    List<Finding> findings = findings(file, problems);
    return definition.isPresent() && problems.errors().isEmpty()
        ? new Reading.Usable(definition.get(), findings)
        : new Reading.Unreadable(findings);
  }

  private static List<Finding> findings(String file, Problems problems) {
    return Stream.concat(
            problems.errors().stream().map(p -> Finding.of(Severity.ERROR, file, p)),
            problems.warnings().stream().map(p -> Finding.of(Severity.WARNING, file, p)))
        .distinct()
        .sorted(
            Comparator.<Finding>comparingInt(finding -> finding.at().line())
                .thenComparingInt(finding -> finding.at().column()))
        .toList();
  }

  private static String slug(String file, Problems problems) {
    String name = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
    String slug = name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
    if (!ConnectionKey.isSlug(slug)) {
      problems.error(
          Place.FILE,
          "the file's name is the integration's: it must be [a-z0-9-].json, at most 63 characters"
              + " and not starting with a hyphen");
      return "unnamed";
    }
    return slug;
  }

  private static Optional<Definition> read(String file, String slug, Json json, Problems problems) {
    if (!(json instanceof Json.Obj root)) {
      problems.error(json.at(), "a definition is an object, this is " + json.kind());
      return Optional.empty();
    }
    if (!isDefinition(root)) {
      problems.error(
          root.at(), "there is no oauth object: neither a key oauth, nor access_token at the top");
      return Optional.empty();
    }
    if (root.members().get("oauth") instanceof Json.Nil nil) {
      problems.error(nil.at(), "must be an object, is null");
      return Optional.empty();
    }
    List<Problem> structure = DefinitionSchema.get().check(root);
    Optional<Definition> definition =
        Manifest.of(root).flatMap(manifest -> read(file, slug, manifest, problems));
    problems.addUntold(structure);
    return definition;
  }

  private static boolean isDefinition(Json.Obj root) {
    Set<String> known = DefinitionSchema.get().keys("oauth");
    return root.members().keySet().stream()
        .anyMatch(key -> key.equals("oauth") || known.contains(key));
  }

  private static Optional<Definition> read(
      String file, String slug, Manifest manifest, Problems problems) {
    List<Variable> form =
        manifest.form() == null ? null : new FormReader(slug, problems).read(manifest.form());
    OauthReader reader =
        new OauthReader(slug, manifest.oauth(), form, manifest.headers(), problems);
    Optional<Definition.Oauth> oauth = reader.read();
    List<Variable> variables = variables(slug, form, reader.names(), problems);
    return oauth.map(read -> new Definition(slug, file, variables, read));
  }

  private static List<Variable> variables(
      String slug, @Nullable List<Variable> form, Names names, Problems problems) {
    Map<String, Boolean> used = names.usedVariables();
    if (form != null) {
      return form.stream()
          .map(variable -> variable.required(used.getOrDefault(variable.id(), false)))
          .toList();
    }
    List<Variable> variables = new ArrayList<>();
    used.forEach((id, needed) -> variables.add(Variable.used(id, needed, names.firstUse(id))));
    checkClashes(slug, variables, problems);
    return variables;
  }

  private static void checkClashes(String slug, List<Variable> variables, Problems problems) {
    Map<String, String> ids = new HashMap<>();
    for (Variable variable : variables) {
      String name = variable.environmentName(slug);
      String other = ids.putIfAbsent(name, variable.id());
      if (other != null) {
        problems.error(
            variable.at(), "'" + variable.id() + "' and '" + other + "' are both set by " + name);
      }
    }
  }
}
