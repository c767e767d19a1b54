package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.request.JsonTemplate;
import dev.perennial.integration.request.Parameter;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.io.JsonStringEncoder;

/** Reads the {@code data} of a request, as parameters or as JSON. */
final class Data {
  private final Templates templates;
  private final Function<Json.Text, Optional<TemplateText>> reader;
  private final List<TemplateText> texts = new ArrayList<>();

  /**
   * @param reader reads a template, and says what is wrong with it
   */
  Data(Templates templates, Function<Json.Text, Optional<TemplateText>> reader) {
    this.templates = templates;
    this.reader = reader;
  }

  /** Every template that was read. */
  List<TemplateText> texts() {
    return texts;
  }

  /** For a form body or a query. */
  List<Parameter> parameters(Json.Obj data, Position position) {
    List<Parameter> parameters = new ArrayList<>();
    data.members()
        .forEach((name, value) -> {
          checkName(data, name);
          parameterValue(value)
              .ifPresent(text -> parameters.add(parameter(name, text, value.at(), position)));
        });
    return parameters;
  }

  private Parameter parameter(String name, TemplateText text, Place at, Position position) {
    String where = templates.where(at);
    return Parameter.written(where, TemplateText.ofLiteral(name), text, position);
  }

  private Optional<TemplateText> parameterValue(Json value) {
    return switch (value) {
      case Json.Text text -> template(text);
      case Json.Num(var _, String digits) -> Optional.of(TemplateText.ofLiteral(digits));
      case Json.Bool(var _, boolean flag) ->
          Optional.of(TemplateText.ofLiteral(String.valueOf(flag)));
      case Json.Nil _ -> Optional.empty();
      case Json.Obj _, Json.Arr _ -> {
        templates
            .problems()
            .error(
                value.at(),
                "a form has no place for " + value.kind() + ": set cast_data_to_json to false");
        yield Optional.empty();
      }
    };
  }

  JsonTemplate.Obj json(Json.Obj data) {
    List<JsonTemplate.Member> members = new ArrayList<>();
    data.members()
        .forEach((name, value) -> {
          checkName(data, name);
          members.add(new JsonTemplate.Member(quoted(name), json(value)));
        });
    return new JsonTemplate.Obj(members);
  }

  private JsonTemplate json(Json value) {
    return switch (value) {
      case Json.Text text -> jsonText(text);
      case Json.Num(var _, String digits) -> new JsonTemplate.Fixed(digits);
      case Json.Bool(var _, boolean flag) -> new JsonTemplate.Fixed(String.valueOf(flag));
      case Json.Nil _ -> new JsonTemplate.Fixed("null");
      case Json.Obj object -> json(object);
      case Json.Arr(var _, List<Json> items) ->
          new JsonTemplate.Arr(items.stream().map(this::json).toList());
    };
  }

  private JsonTemplate jsonText(Json.Text text) {
    TemplateText template = template(text).orElse(TemplateText.ofLiteral(""));
    CompiledText compiled =
        CompiledText.compile(templates.where(text.at()), template, Position.JSON);
    return new JsonTemplate.Text(compiled, template.isOneExpression());
  }

  private Optional<TemplateText> template(Json.Text text) {
    Optional<TemplateText> template = reader.apply(text);
    template.ifPresent(texts::add);
    return template;
  }

  private void checkName(Json.Obj data, String name) {
    if (name.isEmpty() || name.contains("{{")) {
      templates.problems().error(data.key(name), "a name in data is plain text, not a template");
    }
  }

  static String quoted(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsCharArray(text));
  }
}
