using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Fleet.Architecture.Tests;

/// <summary>
/// Which types of an assembly use which others of it: as base, interface, attribute, constraint, in a field or a signature, or in a method's body.
/// Nested and compiler-generated types count as the outermost type that they lie in. Constants and <c>nameof</c> leave no trace in an assembly.
/// </summary>
internal sealed class TypeUses
{
    private readonly HashSet<(TypeDefinition User, TypeDefinition Used)> found = [];
    private readonly ModuleDefinition module;
    private TypeDefinition user = null!;

    private TypeUses(ModuleDefinition module) => this.module = module;

    public static IReadOnlySet<(TypeDefinition User, TypeDefinition Used)> In(ModuleDefinition module)
    {
        var uses = new TypeUses(module);
        foreach (var type in module.GetTypes())
        {
            uses.user = Outermost(type);
            uses.AddType(type);
        }

        return uses.found;
    }

    private void AddType(TypeDefinition type)
    {
        Add(type.BaseType);
        AddAttributes(type);
        AddConstraints(type);
        foreach (var implemented in type.Interfaces)
        {
            Add(implemented.InterfaceType);
        }

        foreach (var field in type.Fields)
        {
            Add(field.FieldType);
            AddAttributes(field);
        }

        foreach (var property in type.Properties)
        {
            AddAttributes(property);
        }

        foreach (var method in type.Methods)
        {
            AddMethod(method);
        }
    }

    private void AddMethod(MethodDefinition method)
    {
        Add(method.ReturnType);
        AddAttributes(method);
        AddConstraints(method);
        foreach (var parameter in method.Parameters)
        {
            Add(parameter.ParameterType);
            AddAttributes(parameter);
        }

        if (method.HasBody)
        {
            AddBody(method.Body);
        }
    }

    private void AddBody(MethodBody body)
    {
        foreach (var variable in body.Variables)
        {
            Add(variable.VariableType);
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            Add(handler.CatchType);
        }

        foreach (var instruction in body.Instructions)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType);
                    break;
                case MethodReference method:
                    Add(method.DeclaringType);
                    AddAll((method as GenericInstanceMethod)?.GenericArguments);
                    break;
            }
        }
    }

    private void AddAttributes(ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument)))
            {
                Add(argument.Value as TypeReference);
            }
        }
    }

    private void AddConstraints(IGenericParameterProvider provider) =>
        AddAll(provider.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType));

    private void AddAll(IEnumerable<TypeReference>? types)
    {
        foreach (var type in types ?? [])
        {
            Add(type);
        }
    }

    private void Add(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                break;
            case GenericInstanceType instance:
                Add(instance.ElementType);
                AddAll(instance.GenericArguments);
                break;
            case FunctionPointerType function:
                Add(function.ReturnType);
                AddAll(function.Parameters.Select(parameter => parameter.ParameterType));
                break;
            case TypeSpecification specification:
                Add(specification.ElementType);
                break;
            case TypeDefinition definition when definition.Module == module && Outermost(definition) is var used && used != user:
                found.Add((user, used));
                break;
        }
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
