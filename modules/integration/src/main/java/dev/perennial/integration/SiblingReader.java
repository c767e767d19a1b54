package dev.perennial.integration;

import dev.perennial.domain.definition.SiblingToken;
import dev.perennial.integration.document.Json;
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

  List<Definition.Sibling> read(Json.Obj tokens) {
    List<Definition.Sibling> siblings = new ArrayList<>();
    tokens
        .members()
        .forEach((name, value) -> {
          EntryNames.check(tokens.key(name), name, templates.problems());
          if (value instanceof Json.Obj object) {
            sibling(name, object).ifPresent(siblings::add);
          }
        });
    return siblings;
  }

  private Optional<Definition.Sibling> sibling(String name, Json.Obj object) {
    Fields fields = new Fields(object);
    Optional<RequestTemplate> refresh =
        fields
            .object("refresh")
            .flatMap(request ->
                new RequestReader(request, Stage.SIBLING, templates, headers).read(List.of()));
    if (object.get("refresh").isEmpty() && !mainRefresh) {
      templates
          .problems()
          .error(
              object.at().member("refresh"),
              "is missing, and there is no refresh that could stand in");
    }
    return fields
        .text("path")
        .map(path -> new SiblingToken(name, DottedPaths.path(path.text())))
        .map(token -> new Definition.Sibling(token, refresh.orElse(null)));
  }
}
