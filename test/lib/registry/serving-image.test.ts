import path from 'node:path';
import { Lazy } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { declaredPrograms } from '../../../bin/cli/declared-programs.ts';
import { mediaTypes } from '../../../model/serving/formats/formats.ts';
import { ServingImage } from '../../../lib/index.ts';
import { testApp, testStack } from '../support.ts';
import { Rendered } from '../every-prop/cases.ts';

describe('ServingImage', () => {
  it('of the model server is an asset, whose base is the one that its Dockerfile says', () => {
    const stack = testStack();
    const { spec, repositoryArn, architecture } = ServingImage.modelServer()._bind(stack);
    expect(architecture).toBe(Architecture.ARM_64);
    expect(JSON.stringify(stack.resolve(repositoryArn))).toContain('cdk-hnb659fds-container-assets-');
    const rendered = new Rendered(stack);
    expect(JSON.stringify(stack.resolve(spec.image))).toMatch(/container-assets-.*:[0-9a-f]{64}/);
    expect(rendered.images()).toEqual([expect.objectContaining({ platform: 'linux/arm64' })]);
    expect(rendered.images()[0]).not.toHaveProperty('dockerBuildArgs');
  });

  it('of the model server takes and answers with every type that the server knows', () => {
    const { spec } = ServingImage.modelServer()._bind(testStack());
    expect(spec).toMatchObject({ contentTypes: mediaTypes, responseTypes: mediaTypes });
  });

  it('names the repository that its image is pulled from, where it is of Amazon ECR', () => {
    const stack = testStack();
    const bound = (image: ServingImage) => stack.resolve(image._bind(stack).repositoryArn) as unknown;
    expect(bound(ServingImage.fromUri('123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/server:1'))).toBe('arn:aws:ecr:eu-west-1:123456789012:repository/team/server');
    expect(bound(ServingImage.fromUri('123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/server:1'))).toBe('arn:aws-cn:ecr:cn-north-1:123456789012:repository/server');
    expect(bound(ServingImage.fromUri('123456789012.dkr.ecr.us-gov-west-1.amazonaws.com/server:1'))).toBe('arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/server');
    expect(bound(ServingImage.fromUri('public.example/server:1'))).toBeUndefined();
    expect(bound(ServingImage.fromUri(Lazy.string({ produce: () => 'own/server:1' })))).toBeUndefined();
    expect(JSON.stringify(bound(ServingImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Own', 'own'), '1')))).toContain(':repository/own');
  });

  it('of the model server is started on the laptop as the model server', async () => {
    const app = testApp();
    const stack = testStack('Serving', app);
    ServingImage.modelServer()._bind(stack);
    const [program, ...others] = await declaredPrograms(app.synth().directory);
    expect(others).toEqual([]);
    expect(program?.command).toEqual([process.execPath, '--max-semi-space-size=2', path.resolve('containers/model-server/main.ts'), 'serve']);
    const hash = /:([0-9a-f]{64})/.exec(JSON.stringify(stack.resolve(stack.node.metadata)))![1]!;
    expect(program?.image.test(`123456789012.dkr.ecr.us-east-1.amazonaws.com/cdk-hnb659fds-container-assets-123456789012-us-east-1:${hash}`)).toBe(true);
    expect(program?.image.test('123456789012.dkr.ecr.us-east-1.amazonaws.com/other:1')).toBe(false);
  });

  it('of the user is started on the laptop as its owner says', async () => {
    const app = testApp();
    ServingImage.fromUri('own.example/server:1', { laptopProgram: { command: ['own', '--serve'], directory: import.meta.dirname } })._bind(testStack('Serving', app));
    expect(await declaredPrograms(app.synth().directory)).toEqual([{ image: /^own\.example\/server:1$/, command: ['own', '--serve'], directory: import.meta.dirname }]);
  });

  it('of a program that this version does not have is refused', async () => {
    const app = testApp();
    const stack = testStack('Serving', app);
    stack.node.addMetadata('slipway:laptop-program', { image: 'own.example/server:1', program: 'later' });
    await expect(declaredPrograms(app.synth().directory)).rejects.toThrow(/names the program 'later' for an image, expected one of model-server/);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['a base image without a tag', () => ServingImage.modelServer({ baseImage: 'own.example/node' }), /baseImage is "own.example\/node", expected an image with its tag or digest/],
    ['a Node image without a tag', () => ServingImage.modelServer({ nodeImage: 'node' }), /nodeImage is "node", expected an image with its tag or digest/],
    ['a base image that is not known', () => ServingImage.modelServer({ baseImage: Lazy.string({ produce: () => 'own/node:1' }) }), /baseImage is "a token"/],
    ['a program that is none', () => ServingImage.fromUri('r/s:1', { laptopProgram: { command: [], directory: '.' } }), /laptopProgram\.command is \[\]/],
    ['a folder that does not exist', () => ServingImage.fromAsset('nowhere')._bind(testStack()), /nowhere/],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  it('of the model server says how its folder is built where it is missing', () => {
    const stack = testStack();
    stack.node.setContext('slipway:handlerBundles', '/nowhere');
    expect(() => ServingImage.modelServer({ architecture: Architecture.X86_64 })._bind(stack)).toThrow(/found no Dockerfile in \/nowhere\/images\/x64\/model-server\. Run `npm run build:handlers -- --arch x64`/);
  });
});
