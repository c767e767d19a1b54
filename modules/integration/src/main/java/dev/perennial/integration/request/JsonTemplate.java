package dev.perennial.integration.request;

import dev.perennial.integration.template.CompiledText;
import dev.perennial.integration.template.Values;
import java.util.List;

/** A JSON value with templates in its texts. Immutable. */
public sealed interface JsonTemplate {

  void render(Values values, StringBuilder out);

  /** Whether the value is left out of its object. */
  default boolean isLeftOut(Values values) {
    return false;
  }

  /**
   * @param json a number, true, false or null, as it is written
   */
  record Fixed(String json) implements JsonTemplate {
    @Override
    public void render(Values values, StringBuilder out) {
      out.append(json);
    }
  }

  /**
   * @param leftOutWhenEmpty its whole value is one template of the author's
   */
  record Text(CompiledText text, boolean leftOutWhenEmpty) implements JsonTemplate {
    @Override
    public void render(Values values, StringBuilder out) {
      out.append('"').append(text.render(values)).append('"');
    }

    @Override
    public boolean isLeftOut(Values values) {
      return leftOutWhenEmpty && text.render(values).isEmpty();
    }
  }

  record Arr(List<JsonTemplate> items) implements JsonTemplate {
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public void render(Values values, StringBuilder out) {
      out.append('[');
      for (int i = 0; i < items.size(); i++) {
        out.append(i == 0 ? "" : ",");
        items.get(i).render(values, out);
      }
      out.append(']');
    }
  }

  record Obj(List<Member> members) implements JsonTemplate {
    public Obj {
      members = List.copyOf(members);
    }

    @Override
    public void render(Values values, StringBuilder out) {
      out.append('{');
      String comma = "";
      for (Member member : members) {
        if (!member.value().isLeftOut(values)) {
          out.append(comma).append('"').append(member.name()).append("\":");
          member.value().render(values, out);
          comma = ",";
        }
      }
      out.append('}');
    }
  }

  /**
   * @param name escaped already
   */
  record Member(String name, JsonTemplate value) {}
}
