package dev.perennial.integration;

import dev.perennial.domain.definition.FollowUp;
import dev.perennial.integration.document.Json;
import dev.perennial.integration.request.RequestTemplate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code then}: the requests that follow another. */
record ThenReader(Stage stage, Templates templates, Headers headers) {

  List<Definition.Step> read(Json.Obj request) {
    return new Fields(request)
        .objects("then").stream().flatMap(object -> step(object).stream()).toList();
  }

  private Optional<Definition.Step> step(Json.Obj object) {
    Fields fields = new Fields(object);
    FollowUp followUp = new FollowUp(into(fields), fields.flag("optional", false));
    Optional<RequestTemplate> request =
        new RequestReader(object, stage, templates, headers).read(List.of());
    return request.map(template -> new Definition.Step(followUp, template));
  }

  private @Nullable String into(Fields fields) {
    Optional<Json.Text> into = fields.text("into");
    into.ifPresent(text -> EntryNames.check(text.at(), text.text(), templates.problems()));
    return into.map(Json.Text::text).orElse(null);
  }
}
