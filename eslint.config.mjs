import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const ban = (selector, message) => ({ selector, message });

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'vite.config.ts',
      'node_modules/',
      '.lethe/',
      '.cache/',
      'coverage/',
      'src/http/api-types.ts',
      'clients/typescript/dist/',
      'clients/typescript/src/api-types.ts',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.lint.json', './src/web/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['src/**/*.ts', 'workers/**/*.ts'],
    ignores: ['src/config.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ban(
          "MemberExpression[object.name='process'][property.name='env']",
          'Only src/config.ts reads the environment, so that every setting is validated and documented once.',
        ),
        ban(
          "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          'Time comes through Clock, or retention cannot be tested; leases use the SQL clock.',
        ),
        ban(
          "AssignmentExpression[left.property.name='innerHTML']",
          'OCR text is the attacker’s text: use textContent.',
        ),
      ],
    },
  },
  {
    // Black-box suites look at parsed answers, each of which was held against openapi.yaml just before; types would say it again.
    files: ['test/{e2e,faults,privacy,web,support}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', 'bin/*'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        require: 'readonly',
        module: 'writable',
        globalThis: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        fetch: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        FormData: 'readonly',
        performance: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
);
