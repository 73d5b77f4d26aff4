def execute(params):
    """Compiles a script, which runs none of it, and says where that fails."""
    try:
        code = compile(params["text"], params["name"], "exec")
    except SyntaxError as problem:
        return {"line": problem.lineno or 1, "column": problem.offset or 1, "message": problem.msg}
    except ValueError as problem:
        return {"line": 1, "column": 1, "message": str(problem)}
    return {} if "execute" in code.co_names else {"missing": True}
