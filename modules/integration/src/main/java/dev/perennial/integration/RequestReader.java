package dev.perennial.integration;

import dev.perennial.integration.document.Json;
import dev.perennial.integration.document.Place;
import dev.perennial.integration.document.Problems;
import dev.perennial.integration.request.BodyTemplate;
import dev.perennial.integration.request.JsonTemplate;
import dev.perennial.integration.request.Parameter;
import dev.perennial.integration.request.RequestTemplate;
import dev.perennial.integration.request.Unusable;
import dev.perennial.integration.request.UrlTemplate;
import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Position;
import dev.perennial.integration.template.TemplateText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request object. One for each request. */
final class RequestReader {
  private final Json.Obj request;
  private final Stage stage;
  private final Templates templates;
  private final Headers headers;
  private final Problems problems;
  private final Fields fields;
  private final List<TemplateText> texts = new ArrayList<>();

  RequestReader(Json.Obj request, Stage stage, Templates templates, Headers headers) {
    this.request = request;
    this.stage = stage;
    this.templates = templates;
    this.headers = headers;
    this.problems = templates.problems();
    this.fields = new Fields(request);
  }

  /** Every template of the request, complete after {@link #read}. */
  List<TemplateText> texts() {
    return texts;
  }

  /**
   * @param placed names of the flow that are sent even where no template names them, each as the
   *     parameter of the same name
   * @return empty where there is no usable URL; then a problem says why
   */
  Optional<RequestTemplate> read(List<String> placed) {
    String method = method();
    Set<Integer> statuses = statuses();
    Headers.Read sent = headers.read(fields.object("headers").orElse(null), stage);
    Data data = new Data(templates, text -> templates.read(text, stage, false));
    Optional<Json.Obj> object = fields.object("data");
    BodyTemplate body =
        method.equals("GET") ? null : object.map(o -> body(o, data, sent)).orElse(null);
    List<Parameter> inQuery =
        method.equals("GET")
            ? object.map(o -> data.parameters(o, Position.QUERY)).orElse(List.of())
            : List.of();
    Optional<TemplateText> urlText = urlText();
    urlText.ifPresent(texts::add);
    texts.addAll(sent.texts());
    texts.addAll(data.texts());
    List<String> unnamed = placed.stream().filter(name -> !templates.reads(texts, name)).toList();
    return urlText
        .flatMap(this::url)
        .map(url -> url.with(inQuery))
        .map(url -> body == null ? url.with(missing(url, unnamed)) : url)
        .map(url ->
            new RequestTemplate(
                method,
                exposed(url),
                sent.headers(),
                body == null ? null : with(body, unnamed),
                statuses));
  }

  private UrlTemplate exposed(UrlTemplate url) {
    templates.exposure().warn(request.get("url").map(Json::at).orElse(request.at()), url);
    return url;
  }

  private String method() {
    return fields.text("method").map(text -> text.text().toUpperCase(Locale.ROOT)).orElse("POST");
  }

  private Optional<TemplateText> urlText() {
    return fields.text("url").flatMap(text -> templates.read(text, stage, true));
  }

  private Optional<UrlTemplate> url(TemplateText text) {
    Place at = request.get("url").map(Json::at).orElse(request.at());
    try {
      UrlTemplate url = templates.urlParser(at).parse(text);
      if (url.fragment() != null) {
        problems.error(at, "a fragment is never sent: remove # and what follows");
      }
      return Optional.of(url);
    } catch (Unusable e) {
      problems.error(at, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private BodyTemplate body(Json.Obj object, Data data, Headers.Read sent) {
    boolean json = isJson(sent.contentType(), object);
    String type = sent.contentType();
    return json
        ? new BodyTemplate.JsonBody(
            type == null ? BodyTemplate.JsonBody.TYPE : type, data.json(object))
        : new BodyTemplate.Form(
            type == null ? BodyTemplate.Form.TYPE : type, data.parameters(object, Position.FORM));
  }

  /** The request's own Content-Type decides; without one, {@code cast_data_to_json: false}. */
  private boolean isJson(@Nullable String contentType, Json.Obj data) {
    Optional<Boolean> form = fields.flag("cast_data_to_json");
    if (contentType == null) {
      return !form.orElse(true);
    }
    String type = contentType.toLowerCase(Locale.ROOT).split(";", 2)[0].strip();
    boolean json = type.equals(BodyTemplate.JsonBody.TYPE) || type.endsWith("+json");
    if (!json && !type.equals(BodyTemplate.Form.TYPE)) {
      problems.error(data.at(), "data is sent as a form or as JSON, not as " + type);
    }
    if (form.isPresent() && form.get() == json) {
      problems.warn(request.key("cast_data_to_json"), "contradicts Content-Type, which decides");
    }
    return json;
  }

  private List<Parameter> missing(UrlTemplate url, List<String> names) {
    return names.stream()
        .filter(name -> !url.hasParameter(name))
        .map(name -> added(name, Position.QUERY))
        .toList();
  }

  private Parameter added(String name, Position position) {
    String where = templates.where(request.at().member(name));
    return Parameter.added(where, name, TemplateText.ofName(name), position);
  }

  private BodyTemplate with(BodyTemplate body, List<String> names) {
    return switch (body) {
      case BodyTemplate.Form(String type, List<Parameter> parameters) -> {
        List<Parameter> all = new ArrayList<>(parameters);
        names.stream()
            .filter(name -> parameters.stream().noneMatch(p -> p.isNamed(name)))
            .forEach(name -> all.add(added(name, Position.FORM)));
        yield new BodyTemplate.Form(type, all);
      }
      case BodyTemplate.JsonBody(String type, JsonTemplate.Obj root) -> {
        List<JsonTemplate.Member> all = new ArrayList<>(root.members());
        names.stream()
            .filter(name -> all.stream().noneMatch(member -> member.name().equals(name)))
            .toList()
            .forEach(name -> all.add(member(name)));
        yield new BodyTemplate.JsonBody(type, new JsonTemplate.Obj(all));
      }
    };
  }

  private JsonTemplate.Member member(String name) {
    String where = templates.where(request.at().member(name));
    CompiledText text = CompiledText.compile(where, TemplateText.ofName(name), Position.JSON);
    return new JsonTemplate.Member(name, new JsonTemplate.Text(text, false));
  }

  private Set<Integer> statuses() {
    Set<Integer> statuses = new LinkedHashSet<>();
    request
        .get("status_code")
        .ifPresent(value -> {
          List<Json> listed =
              value instanceof Json.Arr(var _, List<Json> items) ? items : List.of(value);
          listed.forEach(item -> status(item).ifPresent(statuses::add));
        });
    return statuses;
  }

  private static Optional<Integer> status(Json value) {
    return switch (value) {
      case Json.Num number -> number.whole();
      case Json.Text(Place at, String digits) -> new Json.Num(at, digits.strip()).whole();
      case Json.Obj _, Json.Arr _, Json.Bool _, Json.Nil _ -> Optional.empty();
    };
  }
}
