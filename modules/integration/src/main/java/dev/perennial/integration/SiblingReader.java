package dev.perennial.integration;

import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.RequestTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads {@code tokens}: others of the same grant.
 *
 * @param mainRefresh there is a refresh request that a sibling without one can use
 */
record SiblingReader(boolean mainRefresh, Templates templates, Headers headers) {
  private static final int MOST = 8;

  List<Definition.Sibling> read(Json.Obj tokens) {
    Problems problems = templates.problems();
    if (tokens.members().size() > MOST) {
      problems.error(tokens.at(), "at most " + MOST + " tokens");
    }
    List<Definition.Sibling> siblings = new ArrayList<>();
    tokens
        .members()
        .forEach((name, value) -> {
          EntryNames.checkFree(tokens.key(name), name, problems);
          if (value instanceof Json.Obj object) {
            sibling(name, object).ifPresent(siblings::add);
          } else {
            problems.error(value.at(), "must be an object, is " + value.kind());
          }
        });
    return siblings;
  }

  private Optional<Definition.Sibling> sibling(String name, Json.Obj object) {
    Problems problems = templates.problems();
    Keys.SIBLING.check(object, problems);
    Fields fields = new Fields(object, problems);
    if (object.get("path").isEmpty()) {
      fields.missing("path", "is missing: where the object with its tokens lies in an answer");
    }
    Optional<RequestTemplate> refresh =
        fields
            .object("refresh")
            .flatMap(request ->
                new RequestReader(request, Keys.REQUEST, Stage.SIBLING, templates, headers)
                    .read(List.of()));
    if (object.get("refresh").isEmpty() && !mainRefresh) {
      fields.missing("refresh", "is missing, and there is no refresh that could stand in");
    }
    return fields
        .text("path")
        .flatMap(new DottedPaths(problems)::path)
        .map(path -> new Definition.Sibling(new SiblingToken(name, path), refresh.orElse(null)));
  }
}
