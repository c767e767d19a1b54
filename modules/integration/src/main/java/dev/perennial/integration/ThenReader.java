package dev.perennial.integration;

import dev.perennial.domain.definition.FollowUp;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.RequestTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code then}: the requests that follow another. */
record ThenReader(Stage stage, Templates templates, Headers headers) {
  private static final int MOST = 8;

  List<Definition.Step> read(Json.Obj request) {
    Problems problems = templates.problems();
    List<Definition.Step> steps = new ArrayList<>();
    Optional<Json.Arr> list = new Fields(request, problems).list("then");
    list.filter(then -> then.items().size() > MOST)
        .ifPresent(then -> problems.error(then.at(), "at most " + MOST + " requests can follow"));
    for (Json item : list.map(Json.Arr::items).orElse(List.of())) {
      if (item instanceof Json.Obj object) {
        step(object).ifPresent(steps::add);
      } else {
        problems.error(item.at(), "must be an object, is " + item.kind());
      }
    }
    return steps;
  }

  private Optional<Definition.Step> step(Json.Obj object) {
    Fields fields = new Fields(object, templates.problems());
    FollowUp followUp = new FollowUp(into(fields), fields.flag("optional", false));
    Optional<RequestTemplate> request =
        new RequestReader(object, Keys.FOLLOW_UP, stage, templates, headers).read(List.of());
    return request.map(template -> new Definition.Step(followUp, template));
  }

  private @Nullable String into(Fields fields) {
    Optional<Json.Text> into = fields.text("into");
    into.ifPresent(text -> EntryNames.checkFree(text.at(), text.text(), templates.problems()));
    return into.map(Json.Text::text).orElse(null);
  }
}
