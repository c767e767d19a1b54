package dev.perennial.integration.request;

import dev.perennial.integration.template.Values;
import java.util.List;

/** A request body. Immutable. */
public sealed interface BodyTemplate {

  String contentType();

  String render(Values values);

  /** {@code application/x-www-form-urlencoded}. */
  record Form(String contentType, List<Parameter> parameters) implements BodyTemplate {
    public static final String TYPE = "application/x-www-form-urlencoded";

    public Form {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String render(Values values) {
      return Parameter.render(parameters, values);
    }
  }

  /** {@code application/json}. */
  record JsonBody(String contentType, JsonTemplate.Obj root) implements BodyTemplate {
    public static final String TYPE = "application/json";

    @Override
    public String render(Values values) {
      StringBuilder json = new StringBuilder();
      root.render(values, json);
      return json.toString();
    }
  }
}
